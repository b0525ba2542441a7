"""Reading, every now and then, how the business stands, for those who measure it."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from gateways.meters import Figures
from web.portal import Portal

READ_EVERY = timedelta(seconds=15)

_log = logging.getLogger(__name__)


async def keep_figures(portal: Portal) -> None:
    """Read the figures into the meters again and again, until cancelled. What cannot be read stays as it was."""
    while True:
        try:
            portal.meters.stands(await figures_of(portal))
        except (SQLAlchemyError, OSError) as error:
            _log.warning("the figures cannot be read: %s", type(error).__name__)
        for upstream in await portal.upstreams.look():
            portal.meters.upstream(upstream.name, up=upstream.is_up)
        await asyncio.sleep(READ_EVERY.total_seconds())


async def figures_of(portal: Portal) -> Figures:
    """Read how the business stands now."""
    now = portal.clock.now()
    letters, logged_in = await portal.operations.letter_counts(now), await portal.operations.logged_in(portal.wall_clock.now())
    return Figures(
        signups_by_stage=await portal.operations.signups_by_stage(),
        letters_waiting=letters.waiting,
        longest_waiting=max(timedelta(0), now - letters.oldest) if letters.oldest else timedelta(0),
        letters_given_up=letters.given_up,
        sessions=logged_in.customers + logged_in.staff,
    )

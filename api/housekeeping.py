"""What a server of the API does besides answering: it chains the log, keeps the issuer's keys at hand, and forgets what is over."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count

from psycopg import Error as DatabaseError

from api.counter import Counter
from database.check_log import BATCH, CheckLogs
from database.sweeping import Sweeping
from domain.cards.check_log import sign_head
from gateways.cards import CardIssuer, IssuerUnavailable

A_ROUND = timedelta(seconds=1)
# In rounds of the above.
SWEPT_EVERY = 10

_log = logging.getLogger(__name__)


async def keep_house(counter: Counter, issuer: CardIssuer) -> None:
    """Go on for ever. Where the database or the issuer does not answer, the next round does what this one could not."""
    for nth in count():
        with suppress(IssuerUnavailable):
            await issuer.keep_fresh()
        try:
            await chain_everything(counter)
            await tidy(counter)
            if nth % SWEPT_EVERY == 0:
                await sweep(counter)
        except DatabaseError as error:
            _log.warning("housekeeping waits for the database: %s", type(error).__name__)
        await asyncio.sleep(A_ROUND.total_seconds())


async def chain_everything(counter: Counter) -> None:
    """Chain whatever waits, in as many batches as it takes."""
    sign = partial(sign_head, key=counter.receipt_keys.signing)
    while await CheckLogs(counter.pool).chain(sign, counter.wall_clock.now()) == BATCH:
        pass


async def tidy(counter: Counter) -> None:
    """Forget what each check leaves behind, and put the holders' entries away: a little at a time, since tills wait meanwhile."""
    sweeping, now = Sweeping(counter.pool), counter.wall_clock.now()
    await sweeping.forget_codes(now)
    await sweeping.put_away(now)


async def sweep(counter: Counter) -> None:
    """Forget what else is over."""
    await Sweeping(counter.pool).sweep(counter.wall_clock.now())

"""Comparing what is written down with what is under way, and beginning again what is missing."""

from __future__ import annotations

from database.open_matters import open_matters
from domain.operations import CONFIRMATION_LISTENS, MAY_STILL_COME, Drift
from web.portal import Portal


async def drift_of(portal: Portal) -> Drift:
    """Compare. Raises TemporalIsAway when the processes cannot be seen."""
    now = portal.clock.now()
    old_enough = now - MAY_STILL_COME
    rows, reconciler = portal.operations, portal.reconciler
    # Temporal tells the time by its own clock, which no demo moves.
    running = await reconciler.running_signups(portal.wall_clock.now() - MAY_STILL_COME)
    matters_running = await portal.matters.running(portal.wall_clock.now() - MAY_STILL_COME)
    matters = await open_matters(portal.engine)
    written = await rows.open_among(list(running))
    addresses = await rows.unconfirmed(now - CONFIRMATION_LISTENS, old_enough)
    return Drift(
        signups=await reconciler.signups_without_process(await rows.open_signups(old_enough)),
        addresses=await reconciler.addresses_without_process(addresses),
        letters=await reconciler.letters_without_process(await rows.letters_waiting(old_enough)),
        strangers=[process for signup, process in running.items() if signup not in written]
        + portal.matters.strangers(matters_running, [matter for matter, _begun in matters]),
        matters=await portal.matters.without_process([matter for matter, begun in matters if begun < old_enough]),
    )


async def begin_missing(portal: Portal, drift: Drift) -> list[str]:
    """Begin every missing process again, and tell the ids of the rows whose process was begun."""
    reconciler = portal.reconciler
    begun = [str(signup.id) for signup in drift.signups if await reconciler.begin_signup(signup)]
    begun += [str(address.id) for address in drift.addresses if await reconciler.begin_confirmation(address)]
    begun += [str(matter.id) for matter in drift.matters if await portal.matters.begin(matter)]
    return begun + [str(letter.order.key) for letter in drift.letters if await reconciler.begin_letter(letter)]

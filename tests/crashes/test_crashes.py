"""Whoever is killed, at whichever point of a customer's journey: nothing is lost, nothing is doubled, and the journey comes to its end.

The programs run as in production, and between any two of them is a wire that understands what they say (`ears.py`). A point is

* a statement that is about to reach PostgreSQL, and a COMMIT that is done but whose program has not heard of it yet;
* a call that is about to reach Temporal, its answer before it gets back, and a task before it gets to the worker;
* a command that is about to reach the mail server, the letter itself, and the letter taken but its sender not told.

At the n-th point somebody is killed (-9) and started again at once, and what was about to be said is never heard. PostgreSQL, Temporal
and the mail catcher are killed at every point on their wires, worker and server at those after which others remember something new. The
customer is a patient person: whatever breaks, they open the page again and send the same form again. Afterwards everything is compared
with what there has to be (`rounds.py`), and no page may ever have been an error that nobody had foreseen.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import pytest

from tests.crashes.house import EVERYTHING, House, Victim
from tests.crashes.journeys import OPENING, WITHDRAWING
from tests.crashes.rounds import Round, Sweep, each_once, live_through

EVERYBODY = list(Victim)
# A journey comes to about two hundred points; the last kill must find something still to be said.
AT_ONCE = range(5, 205, 10)

# Where it is hardest: done but not told, told but not done; at the second of each, the signup is under way.
HARDEST: Sequence[tuple[Victim, str, int]] = (
    (Victim.WORKER, "worker to PostgreSQL: COMMIT is done", 2),
    (Victim.WORKER, "worker to Temporal: RespondActivityTaskCompleted$", 5),
    (Victim.TEMPORAL, "server to Temporal: StartWorkflowExecution is answered", 2),
    (Victim.TEMPORAL, "server to Temporal: UpdateWorkflowExecution$", 2),
    (Victim.SERVER, "server to Temporal: StartWorkflowExecution is answered", 1),
    (Victim.SERVER, "server to Temporal: PollWorkflowExecutionUpdate is answered", 2),
    (Victim.SERVER, "server to Temporal: StartWorkflowExecution is answered", 2),
    (Victim.MAIL_CATCHER, "worker to mail: the letter is taken", 1),
    *((Victim.POSTGRES, "worker to PostgreSQL: COMMIT is done", nth) for nth in (1, 4, 7, 8)),
)

_log = logging.getLogger(__name__)


async def test_killed_where_it_is_hardest_nothing_is_lost_or_doubled(few_houses: Sequence[House]) -> None:
    """The few points at which a careless program would forget something or do it twice."""
    rounds = [Round(OPENING, [victim], re.compile(point), nth) for victim, point, nth in HARDEST]

    assert [] == await each_once(few_houses, rounds)


async def test_everything_may_be_killed_in_one_instant(few_houses: Sequence[House]) -> None:
    """The machine goes down, and comes back."""
    points = re.compile("worker to PostgreSQL: COMMIT")
    rounds = [Round(OPENING, EVERYBODY, points, 9), Round(WITHDRAWING, EVERYBODY, points, 15)]

    assert [] == await each_once(few_houses, rounds)


@pytest.mark.soak
async def test_killed_anywhere_on_the_way_to_a_profile_nothing_is_lost_or_doubled(many_houses: Sequence[House]) -> None:
    """At the first point, at the second, and so on until the journey passes untouched."""
    sweeps = {victim: Sweep.of(OPENING, victim) for victim in Victim}

    assert [] == await live_through(many_houses, list(sweeps.values()))
    assert all(sweep.killed_at for sweep in sweeps.values())
    _log.info("killed at so many points: %s", {victim.value: len(sweep.killed_at) for victim, sweep in sweeps.items()})


@pytest.mark.soak
async def test_killed_anywhere_on_the_way_to_a_change_of_mind_nothing_is_lost_or_doubled(many_houses: Sequence[House]) -> None:
    """From where this journey parts from the other one; at every second point, since most of them are known from there."""
    sweeps = {victim: Sweep.of(WITHDRAWING, victim, from_workplace=True, every=2) for victim in Victim}

    assert [] == await live_through(many_houses, list(sweeps.values()))
    assert all(sweep.killed_at for sweep in sweeps.values())
    _log.info("killed at so many points: %s", {victim.value: len(sweep.killed_at) for victim, sweep in sweeps.items()})


@pytest.mark.soak
async def test_everything_may_be_killed_in_one_instant_at_any_time(many_houses: Sequence[House]) -> None:
    """Twenty machines go down, each a little later in the journey."""
    assert [] == await each_once(many_houses, [Round(OPENING, EVERYBODY, EVERYTHING, nth) for nth in AT_ONCE])

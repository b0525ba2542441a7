"""What the check of a card costs as a program beside a bare one, beside what cannot be saved, and among a million others.

Everything is asked in turns, so that whatever else the machine does falls on all alike; a ratio is the middle one of the turns'.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from api.counter import Pool
from tests.bench.measurement import Measurement
from tests.bench.opening import seconds_of_cryptography
from tests.bench.plain_sql import transactions_a_second
from tests.load.outcomes import rushed
from tests.load.town import Api, Town, a_town, the_api

TURNS, A_TURN, TILLS = 7, 400, 16
# All at once: as many as there are tills are asked at the same time, each again as soon as it is answered.
AT_ONCE = f"{A_TURN * 1000}x0.01"
# At least so much of the bare endpoint's rate; at most so much of a processor; at most so much dearer among a million.
LIMIT, CPU_LIMIT, SCALE_LIMIT = 0.6, 600, 1.3
WITH_PORTRAITS, WITHOUT, CHECKS = 10_000, 1_000_000, 1_000_000
MICROSECONDS = 1_000_000
# So that no checkpoint falls into one turn and not into another.
ROOM = {"max_wal_size": "8GB", "checkpoint_timeout": "30min"}


@dataclass(slots=True)
class Played:
    """A program in a town, and how it has done in each turn: checks a second, and microseconds of a processor for each."""

    town: Town
    api: Api
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def turn(self, folder: Path, *, counts: bool) -> None:
        """Ask it as often as a turn lasts."""
        requests, before = await self.town.requests(A_TURN), self.api.cpu_seconds()
        outcomes = await rushed(self.api.port, requests, AT_ONCE, folder / "rush", connections=TILLS)
        if counts and set(outcomes.statuses) != {200}:
            raise RuntimeError(f"{self.api.process.name}: {outcomes}")
        if counts:
            self.cpu.append((self.api.cpu_seconds() - before) / A_TURN * MICROSECONDS)
            self.rates.append(A_TURN / max(outcome.at + outcome.took for outcome in outcomes.all))


async def checking_cards() -> Sequence[Measurement]:
    """Check cards with portraits, by many tills at once."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as open_things:
            small, large = [await open_things.enter_async_context(a_town(folder / size, ROOM)) for size in ("small", "large")]
            await grow(large.pool)
            ours = Played(small, await open_things.enter_async_context(the_api(small, folder)))
            among = Played(large, await open_things.enter_async_context(the_api(large, folder, name="large-api")))
            program = ("-m", "tests.load.bare")
            bare = Played(small, await open_things.enter_async_context(the_api(small, folder, name="bare", program=program)))
            for turn in range(TURNS + 1):
                for played in (ours, bare, among):
                    # The first turn warms up.
                    await played.turn(folder, counts=turn > 0)
            plain = await transactions_a_second(small, folder)
    return _told(ours, bare, among, plain)


def _told(ours: Played, bare: Played, among: Played, plain: float) -> Sequence[Measurement]:
    cryptography = seconds_of_cryptography()
    beside = median(one / other for one, other in zip(ours.rates, bare.rates, strict=True))
    scaled = median(one / other for one, other in zip(ours.rates, among.rates, strict=True))
    return [
        Measurement("checks of cards with a portrait of 15 kB", median(ours.rates), "/s"),
        Measurement("  of a processor, the server", median(ours.cpu), "µs", limit=CPU_LIMIT),
        Measurement("bare endpoint with the same SQL, cryptography and sizes", median(bare.rates), "/s"),
        Measurement("  of a processor, the bare server", median(bare.cpu), "µs"),
        Measurement("  checks beside that", beside, "x", limit=LIMIT, more_is_better=True),
        Measurement("  the server's processor beside that", median(ours.cpu) / median(bare.cpu), "x"),
        Measurement("the same cryptography alone", 1 / cryptography, "/s"),
        Measurement("  checks beside that", median(ours.rates) * cryptography, "x"),
        Measurement("the same SQL alone, by pgbench", plain, "/s"),
        Measurement("  checks beside that", median(ours.rates) / plain, "x"),
        Measurement("checks among a million cards and a million rows of the log", median(among.rates), "/s"),
        Measurement("  time of a check beside that among few", scaled, "x", limit=SCALE_LIMIT),
    ]


async def grow(pool: Pool) -> None:
    """Let so many others have cards, and so many checks have been done. Nobody opens theirs, so they are copies of no worth."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("set local statement_timeout = 0")
        for count, portrait in ((WITH_PORTRAITS, "portrait"), (WITHOUT, "null")):
            await connection.execute(OTHERS.replace(b"PORTRAIT", portrait.encode()), [count])
        await connection.execute(LOGGED, [CHECKS])
    async with pool.connection() as connection:
        await connection.execute("set statement_timeout = 0")
        await connection.execute("vacuum analyze card")
        await connection.execute("vacuum analyze check_log")
        await connection.execute("checkpoint")
        await connection.execute("reset statement_timeout")


OTHERS = b"""
insert into card (card_id, holder_pseudonym, expires_on, status, version, issuer_jws, sealed, portrait, device_key, holder_public_key,
                  mailbox_id, sandbox, enrolled_at)
select gen_random_uuid(), uuid_send(gen_random_uuid()), expires_on, status, version, left(issuer_jws, 100), left(sealed::text, 50)::bytea,
       PORTRAIT, device_key, holder_public_key, gen_random_uuid(), sandbox, enrolled_at
from (select * from card limit 1) as one, generate_series(1, %s)
"""
LOGGED = b"""
insert into check_log (check_id, organisation_number, client_id, place_id, terminal_id, shop, terminal, purpose, outcome, released,
                       sandbox, at, leaf_hash)
select uuidv7(-interval '1 hour'), organisation_number, 'client', place_id, id, 'Butikk', code, 'alcohol_20', 'ok',
       array['age_over_20', 'portrait'], false, timestamptz '2026-11-01 12:00Z', sha256('')
from (select * from terminal limit 1) as one, generate_series(1, %s)
"""

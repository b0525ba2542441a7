"""How long it takes to prove the log of checks."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config

from database.log_reading import reading
from demo.postgres import Postgres
from domain.cards.jose import PublicKeys, SigningKey
from tests.api.long_logs import CHAIN, write_log
from tests.bench.measurement import Measurement
from tests.bench.timing import seconds_each

ALEMBIC = Path("database") / "alembic.ini"
ROWS, A_MILLION = 100_000, 1_000_000
# At most so many times the three digests of each row alone; about three times what was measured.
LIMIT = 40


async def proving_the_log() -> Sequence[Measurement]:
    """Prove a log row by row, and digest as much without reading anything."""
    key = SigningKey.generate("bench")
    with TemporaryDirectory() as folder:
        postgres = Postgres(Path(folder) / "postgres", ["bench"])
        await postgres.start()
        try:
            config = Config(ALEMBIC)
            config.attributes["url"] = postgres.url("bench")
            command.upgrade(config, "head")
            await asyncio.to_thread(write_log, postgres.url("bench"), ROWS, key)
            took = await asyncio.to_thread(proved, postgres.url("bench"), {key.kid: key.public})
        finally:
            await postgres.stop()
    row, link = bytes(200), bytes(73)

    def plain() -> object:
        return hashlib.sha256(row).digest(), hashlib.sha256(link).digest()

    return [
        Measurement("rows of the log of checks proved", ROWS / took, "/s"),
        Measurement("  a million rows at that rate", took * A_MILLION / ROWS, "s"),
        Measurement("  beside their digests alone", took / ROWS / seconds_each(plain), "x", limit=LIMIT),
    ]


def proved(database_url: str, keys: PublicKeys) -> float:
    """Prove the whole log. How many seconds that took; raises RuntimeError where it does not hold."""
    with reading(database_url) as log:
        began = time.perf_counter()
        finding = log.audit(CHAIN, keys)
        took = time.perf_counter() - began
    if finding:
        raise RuntimeError(str(finding))
    return took

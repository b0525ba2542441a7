"""The two statements of a check by PostgreSQL's own `pgbench`, which has nothing to do but to send them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

from database.checks import USE, WRITE_DOWN
from demo.postgres import binary
from domain.api_access import credential_hash
from domain.cards.patience import REPEAT_WITHIN
from gateways.clock import SystemClock
from tests.load.town import CODES_LIVE, WITH_PORTRAIT, Town

CLIENTS, SECONDS, CODES = 16, 5, 80_000
# A code of its own for each of a client's checks, and an id that both statements make alike.
REFERENCE = "int8send((:client_id)::bigint * 1000000 + (:nth)::bigint)"
CHECK_ID = "md5((:client_id)::bigint::text || '-' || (:nth)::bigint::text)::uuid"
SHOW = """
insert into presentation (ref_hash, card_id, wrapped, mode, expires_at)
select int8send((nth %% %(clients)s)::bigint * 1000000 + nth / %(clients)s), card_id, decode(repeat('00', 160), 'hex'), 'standard',
       %(lives)s
from (select card_id from card limit 1) as one, generate_series(%(clients)s, %(codes)s) as nth
"""


async def transactions_a_second(town: Town, folder: Path) -> float:
    """How many checks a second PostgreSQL could serve here."""
    now = SystemClock().now()
    async with town.pool.connection() as connection, connection.transaction():
        await connection.execute("set local statement_timeout = 0")
        await connection.execute(SHOW, {"clients": CLIENTS, "codes": CODES, "lives": now + CODES_LIVE})
    script = folder / "check.sql"
    asked = _values(town)
    # A till is asked for by its code, and written down by its id as well.
    logged = {**asked, "terminal": f"'{town.shops[0].terminal_id}'::uuid"}
    script.write_text(f"\\set nth :nth + 1\n{_told(USE.decode(), asked)};\n{_told(WRITE_DOWN.decode(), logged)};\n")
    flags = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS), "-D", "nth=0", "-f", str(script), town.url]
    process = await asyncio.create_subprocess_exec(
        str(binary("pgbench")), *flags, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, errors = await process.communicate()
    found = re.search(rb"tps = ([0-9.]+)", said)
    if process.returncode or found is None:
        raise RuntimeError(errors.decode())
    return float(found[1])


def _told(statement: str, values: Mapping[str, str]) -> str:
    """Put in what the driver would be handed."""
    return re.sub(r"%\((\w+)\)s", lambda name: values[name[1]], statement).replace("%%", "%")


def _values(town: Town) -> Mapping[str, str]:
    now, shop = SystemClock().now(), town.shops[0]
    moments = {"at": now, "minute": now.replace(second=0, microsecond=0), "repeatable": now - REPEAT_WITHIN}
    texts = {"purpose": WITH_PORTRAIT, "terminal": shop.till, "orgnr": shop.number, "client": shop.client, "shop": shop.shop}
    texts |= {"till": shop.till, "outcome": "ok"}
    return {
        **{name: f"timestamptz '{moment.isoformat()}'" for name, moment in moments.items()},
        **{name: f"'{text}'::text" for name, text in texts.items()},
        "token_hash": f"'\\x{credential_hash(shop.token).hex()}'::bytea",
        "gln": "null",
        "ref_hash": REFERENCE,
        "portrait": "true",
        "idem_hash": f"sha256({REFERENCE})",
        "body_hash": "sha256('')",
        "check_id": CHECK_ID,
        "place": f"'{shop.place_id}'::uuid",
        "released": "array['age_over_20', 'portrait']",
        "sandbox": "false",
        "leaf_hash": "sha256('')",
        "entry_id": "gen_random_uuid()",
        "mailbox_id": "gen_random_uuid()",
        "sealed": "decode(repeat('00', 304), 'hex')",
        "day": "current_date",
    }

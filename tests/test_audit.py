"""`audit.py` proves the log of checks with what anybody may have, in the database and away from it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from domain.cards.jose import SigningKey, to_jwks
from tests.api.long_logs import CHAIN, write_log

ROOT = Path(__file__).parent.parent
ROWS = 300
STRANGER = """
insert into check_log
select gen_random_uuid(), '310279331', 'c', place_id, terminal_id, 's', 't', 'p', 'ok', '{}', false, at, leaf_hash from check_log limit 1
"""
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Office:
    """An auditor's desk: the published keys, and the newest head that the company has kept."""

    folder: Path
    database: str

    async def audit(self, *words: str | Path, surroundings: Mapping[str, str] = NOTHING) -> tuple[int, str]:
        """Run the command; its exit code and what it says. Without surroundings it knows nothing of any database."""
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "audit.py"), *map(str, words)),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **surroundings},
            stdout=-1,
            stderr=-1,
        )
        said, complaint = await run.communicate()
        return run.returncode or 0, said.decode() + complaint.decode()

    async def audit_database(self, *words: str | Path) -> tuple[int, str]:
        """Audit the whole database."""
        return await self.audit("--keys", self.folder / "receipt-keys.json", *words, surroundings=self.where)

    async def audit_file(self) -> tuple[int, str]:
        """Audit the month that was handed over."""
        return await self.audit(
            "--keys", self.folder / "receipt-keys.json", "--heads", self.folder / "kept.txt", "--log", self.folder / "log.jsonl"
        )

    @property
    def where(self) -> Mapping[str, str]:
        """What an operator has set."""
        return {"SKRANKE_DATABASE_URL": self.database}

    async def hand_over(self) -> Path:
        """Export the month."""
        code, said = await self.audit("--export", CHAIN.orgnr, CHAIN.month, surroundings=self.where)
        assert code == 0, said
        (self.folder / "log.jsonl").write_text(said, "utf-8")
        return self.folder / "log.jsonl"

    def tamper(self, *statements: str) -> None:
        """Do what only a superuser can."""
        with psycopg.connect(self.database) as connection:
            for statement in ("set session_replication_role = replica", *statements):
                connection.execute(statement.encode())


@pytest.fixture
def office(fresh_database: str, tmp_path: Path) -> Office:
    """A log, and whoever is to prove it."""
    key = SigningKey.generate("2026-11")
    (tmp_path / "receipt-keys.json").write_text(json.dumps(to_jwks([key])), "utf-8")
    (tmp_path / "kept.txt").write_text(write_log(fresh_database, ROWS, key) + "\n", "utf-8")
    return Office(tmp_path, fresh_database)


async def test_an_operator_proves_the_whole_log(office: Office) -> None:
    """With the database's address and the published keys, and no secret of ours."""
    code, said = await office.audit_database()

    assert (0, f"ok  310279323 2026-11  {ROWS} checks\nthe log is as it was signed\n") == (code, said)


async def test_what_was_done_to_the_log_is_named(office: Office) -> None:
    """One line each, with the place and the check, and an exit code for whoever runs it by night."""
    office.tamper("update check_log set purpose = 'x' where check_id = (select check_id from check_log_link where sequence = 17)")
    office.tamper(STRANGER)
    code, said = await office.audit_database()

    assert 1 == code
    assert said.startswith("CHANGED  place 17 (check ")
    assert "INSERTED  row " in said
    assert said.endswith("2 found\n")


async def test_a_chain_that_is_gone_altogether_is_missed(office: Office) -> None:
    """Only a head that somebody has kept can tell; then not even a superuser makes a month disappear."""
    office.tamper("truncate check_log, check_log_link, check_log_head")

    assert 0 == (await office.audit_database())[0]
    assert (1, "HEAD-MISSING  place 0  310279323 2026-11\n1 found\n") == await office.audit_database("--heads", office.folder / "kept.txt")


async def test_an_auditor_outside_needs_a_file_and_the_keys(office: Office) -> None:
    """And sees whatever was done to the file on its way, too."""
    log = await office.hand_over()
    assert (0, f"ok  310279323 2026-11  {ROWS} checks\n") == await office.audit_file()
    lines = log.read_bytes().splitlines(keepends=True)
    for bent, kind in (
        ([*lines[:9], lines[9].replace(b"alcohol_20", b"alcohol_18"), *lines[10:]], "CHANGED  place 9 "),
        ([*lines[:9], *lines[10:]], "MISSING  place 9 "),
        ([*lines[:9], lines[11], lines[10], lines[9], *lines[12:]], "MISSING  place 9 "),
        (lines[:-1], f"MISSING  place {ROWS} "),
    ):
        log.write_bytes(b"".join(bent))
        code, said = await office.audit_file()

        assert (1, True) == (code, said.startswith(kind)), said


@pytest.mark.parametrize("bent", [pytest.param("", id="empty"), pytest.param('{"orgnr":"3","month":"x","head":{}}', id="headless")])
async def test_what_is_no_log_proves_nothing(office: Office, bent: str) -> None:
    """A file that cannot be read is never one that is in order."""
    (office.folder / "log.jsonl").write_text(bent, "utf-8")
    code, said = await office.audit_file()

    assert 2 == code
    assert said.startswith("nothing is proved")


async def test_keys_of_somebody_else_prove_nothing(office: Office) -> None:
    """Neither the heads that were kept nor ours."""
    (office.folder / "receipt-keys.json").write_text(json.dumps(to_jwks([SigningKey.generate("2026-11")])), "utf-8")

    assert (1, "HEAD-FORGED  place 0  310279323 2026-11\n1 found\n") == await office.audit_database()
    assert 2 == (await office.audit_database("--heads", office.folder / "kept.txt"))[0]


async def test_anybody_can_write_such_an_audit_themselves(office: Office) -> None:
    """From the description of the format alone: this one uses nothing of ours."""
    first, *lines = [json.loads(line) for line in (await office.hand_over()).read_text("utf-8").splitlines()]
    keys = KeySet.import_key_set(json.loads((office.folder / "receipt-keys.json").read_text("utf-8")))
    signed = json.loads(jws.deserialize_compact(first["head"]["signed"], keys, algorithms=["ES256"]).payload)
    chained = hashlib.sha256(b"IDK1 log" + json.dumps([first["orgnr"], first["month"]], separators=(",", ":")).encode()).digest()
    for number, line in enumerate(lines, 1):
        chained = hashlib.sha256(b"IDK1 link" + chained + own_leaf(line["check"])).digest()
        assert (number, b64(chained)) == (line["sequence"], line["hash"])

    assert (len(lines), b64(chained)) == (signed["sequence"], signed["hash"])


def own_leaf(check: Mapping[str, str | Sequence[str]]) -> bytes:
    """The digest of a row, as the format's description has it."""
    texts = [check[name] for name in ("orgnr", "client", "shop", "till", "purpose", "outcome")]
    written = "\0".join(map(str, [*texts, "sandbox" if check["sandbox"] else "live", check["at"], *check["released"]]))
    ids = b"".join(UUID(str(check[name])).bytes for name in ("check_id", "place", "terminal"))
    return hashlib.sha256(b"IDK1 leaf" + ids + written.encode()).digest()


def b64(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")

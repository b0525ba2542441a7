"""What a holder does not show cannot be opened, by the portal or by whoever has broken into it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from domain.cards.claims import Claim, Mode
from domain.cards.codes import read_code
from domain.cards.ids import CardId
from domain.cards.keys import open_claim, unwrap
from domain.cards.sealed import unpack
from stand_ins.card_issuer.people import claims
from stand_ins.people import personas
from stand_ins.phone.app import Phone, Shown
from stand_ins.phone.idk1 import Mode as PhoneMode
from tests.api.holding import World, world

HERS = claims(personas()["ingrid"])


@pytest.fixture
async def here(fresh_database: str) -> AsyncIterator[World]:
    """Everybody whom a phone has to do with, and a shop."""
    async with world(fresh_database) as here:
        await here.open_a_shop()
        yield here


async def everything(here: World) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    tables = await here.rows("select tablename from pg_tables where schemaname = 'public'")
    return {name: await here.rows(f"select * from {name}") for (name,) in tables}  # noqa: S608 - the catalogue's own names


def secrets_in(rows: dict[str, list[tuple[object, ...]]], here: World, shown: Shown) -> set[bytes]:
    """Everything that an intruder holds who has the whole database, the settings and the request: and what can be derived from it."""
    code = read_code(shown.text)
    known = {code.reference, code.key, code.reference + code.key, code.wrapping_key, code.reference_hash, shown.text.encode()}
    known |= {here.counter.pseudonym_key, here.counter.sandbox_key}
    known |= {value for table in rows.values() for row in table for value in row if isinstance(value, bytes)}
    known |= {str(value).encode() for table in rows.values() for row in table for value in row if not isinstance(value, bytes)}
    return known


def keys_from(known: set[bytes], granted: set[bytes]) -> Iterator[bytes]:
    """Every key of 32 bytes that a thoughtful intruder would try."""
    yield from granted
    info = b"IDK1 claim national_id"
    for secret in known | granted:
        yield hashlib.sha256(secret).digest()
        yield from {secret[at : at + 32] for at in range(len(secret) - 31) if len(secret) < 2000}
        yield HKDF(SHA256(), 32, salt=None, info=info).derive(secret)
        if len(secret) >= 32:
            yield HKDFExpand(SHA256(), 32, info).derive(secret[:32])
    for one, other in itertools.permutations(granted, 2):
        yield bytes(a ^ b for a, b in zip(one, other, strict=True))
        yield HKDF(SHA256(), 32, salt=one, info=info).derive(other)


async def taken(here: World, phone: Phone, shown: Shown) -> tuple[dict[str, list[tuple[object, ...]]], dict[Claim, bytes], bytes]:
    """What lies in the database when a code is being checked, the card's claims, and the claim keys' wrapping."""
    rows = await everything(here)
    [(packed,)] = await here.rows("select sealed from card where card_id = %s", phone.card_id)
    [(wrapped,)] = await here.rows("select wrapped from presentation where ref_hash = %s", shown.ref_hash)
    return rows, unpack(packed), wrapped


async def test_in_standard_mode_nobody_can_open_the_national_id_number(here: World) -> None:
    """With the whole database, the settings, and the code itself: its key is not among what the code carries, nor follows from it."""
    phone = await here.phone_of("ingrid")
    shown = await phone.show(PhoneMode.STANDARD)
    rows, sealed, wrapped = await taken(here, phone, shown)
    grant = unwrap(read_code(shown.text), wrapped, CardId(phone.card_id))
    ciphertext = sealed[Claim.NATIONAL_ID]
    bound_to = phone.card_id.bytes + (1).to_bytes(4, "big") + b"national_id"

    tried = 0
    for key in set(keys_from(secrets_in(rows, here, shown), set(grant.keys.values()))):
        tried += 1
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], bound_to)

    assert set(Mode.STANDARD.claims) == set(grant.keys)
    assert tried > 1000


async def test_in_full_mode_the_same_code_opens_it(here: World) -> None:
    """So the intruder above has failed for the right reason."""
    phone = await here.phone_of("ingrid")
    shown = await phone.show(PhoneMode.FULL)
    _, sealed, wrapped = await taken(here, phone, shown)
    grant = unwrap(read_code(shown.text), wrapped, CardId(phone.card_id))
    opened = open_claim(grant.keys[Claim.NATIONAL_ID], sealed[Claim.NATIONAL_ID], Claim.NATIONAL_ID, CardId(phone.card_id), 1)

    assert HERS["national_id"] == json.loads(opened)[2]


async def test_nothing_of_the_holder_stands_in_the_database(here: World) -> None:
    """Neither before nor after a check, in no table, as it is or in base64."""
    phone = await here.phone_of("ingrid")
    await here.scan(await phone.show(PhoneMode.FULL), "pharmacy_pickup")
    rows = await everything(here)
    stored = b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for table in rows.values() for row in table for value in row
    )
    hers = [str(HERS[name]).encode() for name in ("given_name", "family_name", "birthdate", "national_id", "document_number")]

    assert rows["card"]
    assert rows["check_log"]
    assert [] == [value for value in hers if value in stored or base64.b64encode(value).rstrip(b"=")[:-1] in stored]
    assert phone.wallet.cek not in stored

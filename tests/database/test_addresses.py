"""The address a user has, one at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from database.accounts import Accounts
from database.addresses import address_left, current_address, give_address
from database.confirmations import ConfirmationLedger
from database.connection import build_engine
from domain.eid import EidIdentity, EidScheme
from domain.email_address import EmailAddress
from domain.ids import AddressId
from domain.languages import Language
from domain.names import PersonName

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST, SECOND = EmailAddress.parse("kari@firma.example"), EmailAddress.parse("kari.nordmann@firma.example")
MISTYPED = EmailAddress.parse("kari@frima.example")
KARI = EidIdentity(EidScheme.NO_BANKID, "https://eid.example", "kari", PersonName("Kari", "Nordmann"), date(1975, 4, 2), "NO")


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A database of this test's own."""
    engine = build_engine(fresh_database, program="tests")
    yield engine
    await engine.dispose()


async def test_a_form_sent_again_after_another_one_brings_its_address_back(engine: AsyncEngine) -> None:
    """Somebody goes back twice in their browser and presses the button there."""
    user = await Accounts(engine).find_or_create(KARI, Language.NB, NOW)
    first, second = AddressId(uuid4()), AddressId(uuid4())
    for address, its_id in ((FIRST, first), (SECOND, second), (FIRST, first)):
        assert its_id == await give_address(engine, user, address, its_id, NOW)
    current = await current_address(engine, user)

    assert current is not None
    assert (first, FIRST.value) == (current.id, current.address)


async def test_the_address_left_is_the_last_that_was_confirmed(engine: AsyncEngine) -> None:
    """An address that was only mistyped was never anybody's, and whoever goes back to their old one has left none."""
    user = await Accounts(engine).find_or_create(KARI, Language.NB, NOW)
    old, mistyped, new, back = (AddressId(uuid4()) for _ in range(4))
    left = [await address_left(engine, user)]
    for address, its_id, minute in ((FIRST, old, 1), (MISTYPED, mistyped, 2), (SECOND, new, 3), (FIRST, back, 4)):
        await give_address(engine, user, address, its_id, NOW.replace(minute=minute))
        left.append(await address_left(engine, user))
        if address == FIRST:
            await ConfirmationLedger(engine).confirm(its_id, NOW)

    assert [None, None, old, old, None] == left

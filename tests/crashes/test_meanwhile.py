"""What somebody is told while a part of the house is down: the truth, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from tests.crashes.house import EVERYTHING, House, Victim
from tests.crashes.journeys import BREWERY, OPEN, OPENING, onboard, until
from tests.crashes.person import Page, Person
from tests.crashes.rounds import LONGEST_ROUND, nothing_is_under_way, what_is_wrong

NOT_TAKEN_DOWN = "We could not take this down just now. Nothing is lost: wait a moment, and send it once more."
DOES_NOT_ANSWER = (
    "Something that we depend on does not answer. Nothing that you have sent before is lost. Wait a minute, go back, and try once more."
)
RECEIVED = "We have received your signup It is being written down. Nothing is lost, and you need not send it again."


@pytest.fixture
async def house(few_houses: Sequence[House]) -> House:
    """A house in which nobody is a customer yet."""
    house = few_houses[0]
    await house.everybody_is_up()
    house.set_trap(0, [], EVERYTHING)
    await house.fresh_database()
    return house


@pytest.fixture
async def ingrid(house: House) -> AsyncIterator[Person]:
    """Somebody the register vouches for."""
    person = Person(house.portal, house.mailbox, OPENING.persona)
    yield person
    await person.http.aclose()


async def arrives(house: House, person: Person, page: Page) -> None:
    """See that the journey comes to its end, and that everything is there once."""
    async with asyncio.timeout(LONGEST_ROUND):
        await until(person, page, OPEN)
        await nothing_is_under_way(house)

    assert {} == await what_is_wrong(house, OPENING, person)
    assert [] == house.faults()


async def ask_address(person: Person) -> Page:
    """Come to the question for the address."""
    page = await person.log_in()
    return await person.send(page, page.form("/terms"), accepted="yes")


async def test_without_the_database_a_page_says_that_nothing_is_lost(house: House, ingrid: Person) -> None:
    """It is an outage and no fault: 503, with words for people and a moment for machines."""
    asked = await ask_address(ingrid)
    async with house.without(Victim.POSTGRES):
        pages = [await ingrid.look("/email"), await ingrid.press(asked.form("/email"), address=ingrid.address), await ingrid.look("/")]

        assert [503] * len(pages) == [page.status for page in pages]
        assert all(DOES_NOT_ANSWER in page.text for page in pages)
        assert 200 == (await ingrid.look("/healthz")).status
        assert 503 == (await ingrid.look("/readyz")).status
    await house.everybody_is_up()

    await arrives(house, ingrid, await goes_on(ingrid))


async def test_without_temporal_a_form_is_not_taken_down_and_keeps_what_was_typed(house: House, ingrid: Person) -> None:
    """The form that comes back is the same click, so that sending it again is safe even if it had got through."""
    asked = await ask_address(ingrid)
    form = asked.form("/email")
    async with house.without(Victim.TEMPORAL):
        answer = await ingrid.press(form, address=ingrid.address)

        assert (422, "/email") == (answer.status, answer.path)
        assert NOT_TAKEN_DOWN in answer.text
        assert form.fields | {"address": ingrid.address} == answer.form("/email").fields
        assert 200 == (await ingrid.look("/readyz")).status
    await house.everybody_is_up()

    await arrives(house, ingrid, await goes_on(ingrid, answer))


async def test_whoever_goes_away_meanwhile_is_not_told_that_a_code_was_sent(house: House, ingrid: Person) -> None:
    """They come back to the question for a code that never was, and can ask for a new one."""
    asked = await ask_address(ingrid)
    async with house.without(Victim.TEMPORAL):
        await ingrid.press(asked.form("/email"), address=ingrid.address)
    await house.everybody_is_up()
    page = await ingrid.log_in()

    assert "/email/code" == page.path
    assert f"Six digits are on their way to {ingrid.address}" in page.text
    await arrives(house, ingrid, await goes_on(ingrid, await ingrid.send(page, page.form("/email/resend"))))


async def test_without_temporal_a_signup_is_not_taken_down_and_can_be_sent_again(house: House, ingrid: Person) -> None:
    """The company is still on the page, and the button is the same click."""
    await onboard(ingrid)
    company = await ingrid.open(f"/workplace/{BREWERY}")
    form = company.form(company.path)
    async with house.without(Victim.TEMPORAL):
        answer = await ingrid.press(form)

        assert 422 == answer.status
        assert NOT_TAKEN_DOWN in answer.text
        assert form.fields == answer.form(company.path).fields
    await house.everybody_is_up()

    await arrives(house, ingrid, await ingrid.send(answer, answer.form(company.path)))


async def test_without_a_worker_a_signup_is_received(house: House, ingrid: Person) -> None:
    """What Temporal has is safe, so nobody need send it again."""
    await onboard(ingrid)
    company = await ingrid.open(f"/workplace/{BREWERY}")
    async with house.without(Victim.WORKER):
        status = await ingrid.press(company.form(company.path))

        assert (200, True) == (status.status, status.path.startswith("/signup/"))
        assert RECEIVED in status.text
    await house.everybody_is_up()

    await arrives(house, ingrid, status)


async def test_while_nobody_can_tell_whether_a_signup_was_received_nobody_says_that_there_is_none(house: House, ingrid: Person) -> None:
    """Only Temporal knows it yet; a page that cannot be found would be a lie."""
    await onboard(ingrid)
    company = await ingrid.open(f"/workplace/{BREWERY}")
    async with house.without(Victim.WORKER):
        status = await ingrid.press(company.form(company.path))
        async with house.without(Victim.TEMPORAL):
            page = await ingrid.look(status.path)

            assert 503 == page.status
            assert DOES_NOT_ANSWER in page.text
    await house.everybody_is_up()

    await arrives(house, ingrid, await ingrid.open(status.path))


async def test_without_a_mail_server_the_profile_is_opened_and_the_letter_comes_later(house: House, ingrid: Person) -> None:
    """A letter holds nobody up."""
    await onboard(ingrid)
    company = await ingrid.open(f"/workplace/{BREWERY}")
    async with house.without(Victim.MAIL_CATCHER):
        status = await ingrid.send(company, company.form(company.path))
        await until(ingrid, status, OPEN)
    await house.everybody_is_up()

    await arrives(house, ingrid, status)


async def goes_on(person: Person, page: Page | None = None) -> Page:
    """Come as far as to the signup."""
    await onboard(person, page)
    company = await person.open(f"/workplace/{BREWERY}")
    return await person.send(company, company.form(company.path))

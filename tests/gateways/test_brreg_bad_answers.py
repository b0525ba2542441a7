"""Answers that cannot be relied on. None of them may look like an answer, and none may vouch for anybody."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.employment import ROLE_POLICY, Person, Verdict, judge
from domain.names import PersonName
from domain.refusals import Refusal
from gateways.brreg import LARGEST_ANSWER, Brreg, RegisterUnavailable, Trouble
from gateways.http import outbound_client
from tests.gateways.brreg_bad_answers import DRIFTED_HITS, DRIFTED_ROLES, DRIFTED_UNITS, GOOD, NO_JSON, OTHER_JSON, ROLE_PATH, changed
from tests.gateways.register_over_http import COMPANY, Register

KARI = Person(PersonName("Kari", "Moe"), date(1980, 1, 2))
UNIT_PATH, ROLES_PATH = "enheter/315014700", "enheter/315014700/roller"

STATUSES = [201, 204, 206, 301, 302, 303, 304, 307, 308, 401, 403, 406, 408, 418, 429, 451, 500, 502, 503, 504]

Question = Callable[[Brreg], Awaitable[object]]


async def company(gateway: Brreg) -> object:
    """Ask for a company."""
    return await gateway.company(COMPANY)


async def roles(gateway: Brreg) -> object:
    """Ask for its roles."""
    return await gateway.roles(COMPANY)


async def search(gateway: Brreg) -> object:
    """Ask for a name."""
    return await gateway.search("trygg", 10)


QUESTIONS: dict[str, tuple[str, Question]] = {
    "company": (UNIT_PATH, company),
    "roles": (ROLES_PATH, roles),
    "search": ("enheter", search),
}
everything_asked = pytest.mark.parametrize(("path", "ask"), QUESTIONS.values(), ids=QUESTIONS)


@pytest.fixture
def register() -> Register:
    return Register()


async def trouble_with(ask: Question, gateway: Brreg) -> RegisterUnavailable:
    """Ask, expect trouble, and make sure that nothing of the answer is in it."""
    with pytest.raises(RegisterUnavailable) as unavailable:
        await ask(gateway)
    error = unavailable.value
    assert str(error) == f"the register gave no usable answer: {error.trouble.value}"
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return error


async def test_the_good_answer_that_the_bad_ones_are_made_of_is_good(register: Register) -> None:
    """Otherwise the tests below prove nothing."""
    register.answer(ROLES_PATH, GOOD)
    answer = await register.gateway().roles(COMPANY)

    assert judge(KARI, answer.holdings, ROLE_POLICY).verdict is Verdict.CONFIRMED


@everything_asked
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
async def test_what_is_no_json_is_no_answer(register: Register, path: str, ask: Question, body: bytes) -> None:
    """A maintenance page comes with 200, too."""
    register.answer(path, body, content_type="application/json")

    assert (await trouble_with(ask, register.gateway())).trouble is Trouble.UNFAMILIAR


@everything_asked
@pytest.mark.parametrize("body", OTHER_JSON.values(), ids=OTHER_JSON)
async def test_other_json_is_no_answer(register: Register, path: str, ask: Question, body: object) -> None:
    """Least of all an answer without roles."""
    register.answer(path, json.dumps(body).encode())

    assert (await trouble_with(ask, register.gateway())).trouble is Trouble.UNFAMILIAR


@pytest.mark.parametrize("body", DRIFTED_ROLES.values(), ids=DRIFTED_ROLES)
async def test_roles_in_another_shape_are_no_answer(register: Register, body: object) -> None:
    """What we decide by must be where it has always been."""
    register.answer(ROLES_PATH, body)

    assert (await trouble_with(roles, register.gateway())).trouble in {Trouble.UNFAMILIAR, Trouble.ABOUT_ANOTHER}


@pytest.mark.parametrize("body", DRIFTED_UNITS.values(), ids=DRIFTED_UNITS)
async def test_a_company_in_another_shape_is_no_answer(register: Register, body: object) -> None:
    """A bankrupt company whose flag has moved must not get through."""
    register.answer(UNIT_PATH, body)

    assert (await trouble_with(company, register.gateway())).trouble in {Trouble.UNFAMILIAR, Trouble.ABOUT_ANOTHER}


@pytest.mark.parametrize("body", DRIFTED_HITS.values(), ids=DRIFTED_HITS)
async def test_hits_in_another_shape_are_no_answer(register: Register, body: object) -> None:
    """Nobody is told that their company does not exist because a key has moved."""
    register.answer("enheter", body)

    assert (await trouble_with(search, register.gateway())).trouble is Trouble.UNFAMILIAR


@everything_asked
@pytest.mark.parametrize("status", STATUSES)
async def test_other_statuses_are_no_answer(register: Register, path: str, ask: Question, status: int) -> None:
    """Whatever they carry; a redirect is never followed."""
    body = b"" if status in {204, 304} else json.dumps(GOOD).encode()
    register.answer(path, body, status, location="https://elsewhere.example/enheter/315014700")

    await trouble_with(ask, register.gateway())

    assert len(register.asked) == 1


@everything_asked
@pytest.mark.parametrize(
    "body", [b'{"detail":"No static resource","status":404,"title":"Not Found"}', b"<h1>404</h1>"], ids=["unknown path", "another server"]
)
async def test_a_404_that_says_something_is_no_answer(register: Register, path: str, ask: Question, body: bytes) -> None:
    """The register says nothing to an unknown number; who says something did not understand the question."""
    register.answer(path, body, 404)

    assert (await trouble_with(ask, register.gateway())).trouble is Trouble.UNEXPECTED_STATUS


@pytest.mark.parametrize(("path", "ask"), [QUESTIONS["company"], QUESTIONS["roles"]], ids=["company", "roles"])
@pytest.mark.parametrize("body", [b"", b"<h1>410</h1>", b'{"organisasjonsnummer": "310279323"}'], ids=["nothing", "html", "another"])
async def test_a_410_that_does_not_name_the_company_is_no_answer(register: Register, path: str, ask: Question, body: bytes) -> None:
    """A proxy may say so, too."""
    register.answer(path, body, 410)

    await trouble_with(ask, register.gateway())


@pytest.mark.parametrize(
    "body",
    [{"organisasjonsnummer": "310279323"}, {"organisasjonsnummer": "315014700", "overordnetEnhet": "310279324"}],
    ids=["another", "whose"],
)
async def test_a_shop_in_another_shape_is_no_answer(register: Register, body: object) -> None:
    """It would lead to somebody else's company."""
    register.answer("underenheter/315014700", body)

    await trouble_with(company, register.gateway())


@everything_asked
async def test_an_endless_answer_is_cut_off(register: Register, path: str, ask: Question) -> None:
    """Plain or packed: ten million spaces pack into ten thousand bytes."""
    for body, headers in [(b" " * 10_000_000, {}), (gzip.compress(b" " * 10_000_000), {"content_encoding": "gzip"})]:
        register.answer(path, body, 200, **headers)

        assert (await trouble_with(ask, register.gateway())).trouble is Trouble.TOO_LARGE
    assert LARGEST_ANSWER < 10_000_000


@everything_asked
async def test_a_wrongly_packed_answer_is_no_answer(register: Register, path: str, ask: Question) -> None:
    """It says gzip and is not."""
    register.answer(path, json.dumps(GOOD).encode(), content_encoding="gzip")

    assert (await trouble_with(ask, register.gateway())).trouble is Trouble.NO_ANSWER


class Silent(httpx2.AsyncBaseTransport):
    """Takes its time."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:  # noqa: ARG002 - whatever is asked
        """Answer when nobody waits any more."""
        await asyncio.sleep(30)
        raise AssertionError("nobody waits that long")


@everything_asked
async def test_a_slow_register_is_not_waited_for(path: str, ask: Question) -> None:
    """A page and a worker have other things to do."""
    del path
    gateway = Brreg(outbound_client("x", Silent()), "https://register.example", patience=timedelta(milliseconds=10))

    assert (await trouble_with(ask, gateway)).trouble is Trouble.SLOW


@everything_asked
async def test_a_register_that_cannot_be_reached_is_unavailable(path: str, ask: Question) -> None:
    """Nobody listens on port 1."""
    del path
    gateway = Brreg(outbound_client("x"), "http://127.0.0.1:1")

    assert (await trouble_with(ask, gateway)).trouble is Trouble.NO_ANSWER


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.just("1980-01-02"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
PLACES = [
    "rollegrupper",
    "rollegrupper.0",
    "rollegrupper.0.type",
    "rollegrupper.0.roller",
    ROLE_PATH,
    *(f"{ROLE_PATH}.{key}" for key in ("type", "type.kode", "person", "fratraadt", "avregistrert")),
    *(f"{ROLE_PATH}.person.{key}" for key in ("fodselsdato", "navn", "navn.fornavn", "navn.etternavn", "erDoed")),
]


@given(place=st.sampled_from(PLACES), value=JSON)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nothing_put_anywhere_in_an_answer_vouches_for_a_stranger(place: str, value: object) -> None:
    """It is read, or it is trouble; nobody else than the one who stands there is confirmed by it."""
    register = Register()
    register.answer(ROLES_PATH, changed(GOOD, place, value))
    stranger = Person(PersonName("Ola", "Lund"), date(1990, 3, 4))
    try:
        answer = await register.gateway().roles(COMPANY)
    except (RegisterUnavailable, Refusal):
        return

    assert judge(stranger, answer.holdings, ROLE_POLICY).verdict is Verdict.NEEDS_A_PERSON


@pytest.mark.parametrize("value", [True, 1, "ja", {"fraDato": "2026-01-01"}, [1]], ids=str)
@pytest.mark.parametrize("key", ["begrensetRettsligHandleevne", "stadfestetFremtidsfullmakt"])
async def test_limited_capacity_goes_to_a_person_however_it_is_told(register: Register, key: str, value: object) -> None:
    """Its shape is not known, so everything but no counts."""
    register.answer(ROLES_PATH, changed(GOOD, f"{ROLE_PATH}.person.{key}", value))
    answer = await register.gateway().roles(COMPANY)

    assert judge(KARI, answer.holdings, ROLE_POLICY).verdict is Verdict.NEEDS_A_PERSON

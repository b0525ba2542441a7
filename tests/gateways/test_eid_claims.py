"""What is believed of an ID token, claim by claim."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.eid import EidScheme
from gateways.eid_claims import ClaimMissing, EidToken, NoBirthDate, identity
from gateways.id_token import AssuranceNotReached, Expected, NotBelieved, believed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXPECTED = Expected("https://eid.example", "skranke", "nonce", ("high",), NOW)
CLAIMS: dict[str, object] = {
    "iss": "https://eid.example",
    "sub": "{1234}",
    "aud": "skranke",
    "azp": "skranke",
    "exp": NOW.timestamp() + 300,
    "iat": NOW.timestamp(),
    "nonce": "nonce",
    "acr": "high",
    "uniqueuserid": "9578-1",
    "uuid": "a-uuid",
    "given_name": "Kari",
    "family_name": "Nordmann",
    "name": "Kari Nordmann",
    "birthdate": "1980-02-29",
    "ssn": "198002291234",
}


def token(**changes: object) -> EidToken:
    """The token with some claims changed; None takes one out."""
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return believed(EidToken, claims, EXPECTED)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["skranke"]},
        {"azp": None},
        {"exp": NOW.timestamp() - 29},
        {"iat": NOW.timestamp() + 29},
        {"iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 1},
    ],
)
def test_what_is_in_order_is_believed(changes: dict[str, object]) -> None:
    """Clocks may differ by half a minute, and one audience may stand in a list."""
    assert "{1234}" == token(**changes).sub


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://eid.example/"},
        {"aud": "skranke2"},
        {"aud": ["skranke", "another"]},
        {"aud": []},
        {"aud": None},
        {"azp": "another"},
        {"exp": NOW.timestamp() - 31},
        {"exp": None},
        {"exp": str(NOW.timestamp() + 300)},
        {"iat": NOW.timestamp() + 31},
        {"iat": NOW.timestamp() - 601},
        {"iat": None},
        {"nonce": "Nonce"},
        {"nonce": ""},
        {"nonce": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
    ],
)
def test_what_is_not_in_order_is_not_believed(changes: dict[str, object]) -> None:
    """One claim is enough."""
    with pytest.raises(NotBelieved):
        token(**changes)


@pytest.mark.parametrize("acr", ["low", "", None])
def test_another_assurance_than_asked_for_is_refused(acr: str | None) -> None:
    """Somebody who may have been impersonated is not let in."""
    with pytest.raises(AssuranceNotReached):
        token(acr=acr)


@pytest.mark.parametrize(
    ("number", "born"),
    [("198002291234", date(1980, 2, 29)), ("19800229-1234", date(1980, 2, 29)), ("198002891234", date(1980, 2, 29))],
    ids=["plain", "hyphen", "coordination number"],
)
def test_a_swedish_number_tells_the_birth_date(number: str, born: date) -> None:
    """A coordination number has sixty added to the day."""
    assert born == identity(EidScheme.SE_BANKID, token(ssn=number)).birth_date


@pytest.mark.parametrize("number", [None, "", "8002291234", "198013011234", "198002301234", "19800229123a", "\uff11" * 12])
def test_a_number_that_is_none_tells_no_birth_date(number: str | None) -> None:
    """And the error does not repeat it."""
    with pytest.raises(NoBirthDate, match=r"^$"):
        identity(EidScheme.SE_BANKID, token(ssn=number))


@pytest.mark.parametrize("scheme", [EidScheme.NO_BANKID, EidScheme.DK_MITID])
@pytest.mark.parametrize("birthdate", [None, "", "0000-02-29", "1980", "29.02.1980"])
def test_without_a_whole_birth_date_nobody_is_let_in(scheme: EidScheme, birthdate: str | None) -> None:
    """The register of roles is searched by it."""
    with pytest.raises(NoBirthDate):
        identity(scheme, token(birthdate=birthdate))


def test_each_eid_has_its_own_name_for_a_person() -> None:
    """The `sub` of the broker changes with the broker."""
    subjects = [identity(scheme, token()).subject for scheme in EidScheme]

    assert ["9578-1", "{1234}", "a-uuid"] == subjects


@pytest.mark.parametrize(
    ("scheme", "changes"),
    [
        (EidScheme.NO_BANKID, {"uniqueuserid": None}),
        (EidScheme.DK_MITID, {"uuid": None}),
        (EidScheme.DK_MITID, {"name": None}),
        (EidScheme.SE_BANKID, {"given_name": None, "family_name": " \n "}),
    ],
)
def test_somebody_without_a_name_or_a_subject_is_nobody(scheme: EidScheme, changes: dict[str, object]) -> None:
    """The broker has to be told; its user can do nothing about it."""
    with pytest.raises(ClaimMissing):
        identity(scheme, token(**changes))


def test_a_name_is_one_line_of_what_can_be_seen() -> None:
    """PostgreSQL takes no NUL, and a letter's head no line break."""
    name = identity(EidScheme.NO_BANKID, token(given_name=" Kari\r\nBcc:\0 ", family_name="Ås" + "e" * 300)).name

    assert "Kari Bcc:" == name.given
    assert 200 == len(name.family)


def test_a_token_does_not_show_whose_it_is() -> None:
    """What is printed ends in a log one day."""
    printed = repr(token()) + repr(identity(EidScheme.SE_BANKID, token())) + repr(EXPECTED)

    assert not [value for value in ("Kari", "Nordmann", "1980", "1234", "9578", "nonce'") if value in printed]


def test_the_leeway_is_small() -> None:
    """Half a minute is what clocks differ by; two minutes are an attack's."""
    with pytest.raises(NotBelieved):
        token(exp=(NOW - timedelta(minutes=1)).timestamp())

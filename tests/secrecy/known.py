"""What may be nowhere: everything personal that the checks of a test were about, and every code that was shown."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from api.sandbox_persons import PERSONS
from domain.cards.claims import Claim
from domain.cards.codes import CardCode
from tests.secrecy.searching import data, day, text

# A shorter name stands in any long row of random letters; it is looked for together with the family name.
TELLING = 6
CHUNK, EVERY = 40, 3001


def of_claims(who: str, claims: Mapping[str, object]) -> Iterator[tuple[str, Sequence[bytes]]]:
    """What a card holds, by whose it is and what."""
    given, family = str(claims["given_name"]), str(claims["family_name"])
    for name in (given, family):
        if len(name.encode()) >= TELLING:
            yield f"{who}: {name}", text(name)
        yield f"{who}: {name}, quoted", [form for quoted in (f'"{name}"', f"'{name}'") for form in text(quoted)]
    for name in (f"{given} {family}", f"{family}, {given}", f"{family} {given}"):
        yield f"{who}: {name}", text(name)
    yield f"{who}: birth date", day(date.fromisoformat(str(claims["birthdate"])))
    yield f"{who}: national number", text(str(claims["national_id"]))
    yield f"{who}: document", text(str(claims["document_number"]))
    portrait = claims.get("portrait")
    if isinstance(portrait, Mapping):
        yield f"{who}: portrait", [form for chunk in chunks(base64.b64decode(str(portrait["data"]))) for form in data(chunk)]


def chunks(picture: bytes) -> Iterator[bytes]:
    """Pieces from all over a picture; files of one kind begin alike, so not from its beginning."""
    yield from (picture[start : start + CHUNK] for start in range(len(picture) // 2, len(picture) - CHUNK, EVERY))
    yield picture[-CHUNK:]


def of_sandbox(today: date) -> Iterator[tuple[str, Sequence[bytes]]]:
    """What the sandbox's cards hold."""
    for person in PERSONS.values():
        claims = {claim.value: value for claim, value in person.claims(today).items()}
        picture = person.portrait
        pictured = {Claim.PORTRAIT.value: {"data": base64.b64encode(picture).decode()}} if picture else {}
        yield from of_claims(f"test person {person.n}", {**claims, **pictured})


def of_code(code: CardCode) -> Iterator[tuple[str, Sequence[bytes]]]:
    """A code as it was shown and scanned, and what it is made of."""
    shown = code.text()[len("IDK1") :]
    yield f"code {shown[:6]}", [*text(shown), *text(shown.lower())]
    yield f"reference of {shown[:6]}", data(code.reference)
    yield f"key of {shown[:6]}", data(code.key)
    yield f"wrapping key of {shown[:6]}", data(code.wrapping_key)

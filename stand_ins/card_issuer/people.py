"""What stands in the passports of the invented people: only those with a Norwegian eID have one here."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from stand_ins.openid_provider.tokens import subject
from stand_ins.people import Persona, personas

NORWEGIAN_EID = "no-bankid"
# The smallest picture there is: one grey dot, where nobody has given the issuer faces.
A_GREY_DOT = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
    "wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)
# Test numbers of the tax administration have 80 added to the month, so that they are nobody's.
NOBODYS = 80
FIRST_WEIGHTS, SECOND_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
BORN_IN_THIS_CENTURY = 500
DIGITS = 11


def holder(client_id: str, pairwise_subject: str) -> Persona | None:
    """Who it is that an app's login has told of; None for somebody without a Norwegian document."""
    norwegians = (who for who in personas().values() if who.eid == NORWEGIAN_EID and who.birthdate)
    return next((who for who in norwegians if subject(client_id, who) == pairwise_subject), None)


def claims(who: Persona, faces: Sequence[Path] = ()) -> Mapping[str, object]:
    """Everything that is read from the chip, the portrait made a JPEG."""
    tail = int(sha256(who.id.encode()).hexdigest()[:8], 16)
    face = faces[tail % len(faces)].read_bytes() if faces else A_GREY_DOT
    return {
        "given_name": who.given_name,
        "family_name": who.family_name,
        "birthdate": who.birthdate or "",
        "portrait": {"type": "image/jpeg", "data": base64.b64encode(face).decode()},
        "national_id": national_id(date.fromisoformat(who.birthdate or ""), tail),
        "document_number": f"T{tail % 10**8:08}",
        "document_type": "passport",
    }


def national_id(born: date, seed: int) -> str:
    """A national identity number with valid check digits that no living person can have."""
    first = BORN_IN_THIS_CENTURY if born.year >= 2000 else 0  # noqa: PLR2004 - a year
    for individual in range(seed % 400, 500):
        digits = f"{born.day:02}{born.month + NOBODYS:02}{born.year % 100:02}{first + individual:03}"
        for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
            # A tenth digit of "10" is none: then this number is not given to anybody.
            digits += str(-_weighed(digits, weights) % 11)
        if len(digits) == DIGITS:
            return digits
    raise ValueError("a hundred numbers in a row without check digits")


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))

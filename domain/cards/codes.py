"""The code that the customer's phone shows as a QR code, and how to read what a scanner made of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.cards.ids import Random
from domain.cards.refusals import Malformation, QrMalformed, QrOtherScheme

PART_BYTES = 16
KEY_BYTES = 32
BODY_LENGTH = 56
_CHECK_BYTES = 3
# Nobody's code is longer; the rest would only be work.
_LONGEST_INPUT = 4096

# Only ASCII: the long s and the dotless i are capitalised into letters of our alphabet.
_CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# What a scanner says about itself: `]Q1`, whose bracket is another sign on other keyboards.
_AIM = r"(?:[^0-9A-Z]?Q[0-9])?"
_OURS = re.compile(rf"{_AIM}(?:IDK1|VISLEG(?P<dash>[^0-9A-Z]?))(?P<body>.*)", re.DOTALL)
_BODY = re.compile(r"[0-9A-V]*")
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]*")
# What a national ID card's own code carries where ours has 56 characters; keyboards change its hyphens.
_UUID = re.compile(r"[0-9A-F]{8}(?:[^0-9A-Z][0-9A-F]{4}){3}[^0-9A-Z][0-9A-F]{12}")
_NAMED_SCHEME = re.compile(r"[A-Z][0-9A-Z+-]{3,}[.:].*", re.DOTALL)
# As long as a code and with our first letters, but signs for digits: a French keyboard.
_OTHER_KEYBOARD = re.compile(rf"{_AIM}IDK[^0-9A-Z].{{50,60}}", re.DOTALL)
# As long as a code, and nothing but its letters after the beginning, which was lost or misread.
_DAMAGED_BEGINNING = re.compile(r".{0,8}[0-9A-V]{53,57}", re.DOTALL)


class Prefix(StrEnum):
    """What a code starts with. Tills built to the national ID card's published contract let only `VisLeg` through."""

    IDK1 = "IDK1"
    VISLEG = "VisLeg"
    VISLEG_DASH = "VisLeg-"


@dataclass(frozen=True, slots=True)
class CardCode:
    """One showing of a card: a random reference, by which it is found, and a random key, with which it is opened."""

    reference: bytes = field(repr=False)
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Make sure that both parts have 16 bytes."""
        if len(self.reference) != PART_BYTES or len(self.key) != PART_BYTES:
            raise ValueError("a code has two parts of 16 bytes")

    def text(self, prefix: Prefix = Prefix.IDK1) -> str:
        """Write the code as the QR code holds it: the prefix and 56 characters of `0-9A-V`."""
        return prefix + base64.b32hexencode(self.reference + self.key + _check(self.reference + self.key)).decode()

    @property
    def reference_hash(self) -> bytes:
        """What the code is stored under: 32 bytes from which the reference cannot be found."""
        return hashlib.sha256(b"IDK1 ref" + self.reference).digest()

    @property
    def wrapping_key(self) -> bytes:
        """The key (AES-256) that the granted claim keys are wrapped with."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=self.reference, info=b"IDK1 kek").derive(self.key)


def new_code(random: Random = secrets.token_bytes) -> CardCode:
    """Make a code that nobody can guess."""
    return CardCode(reference=random(PART_BYTES), key=random(PART_BYTES))


def read_code(scanned: str) -> CardCode:
    """Read what a scanner typed, whatever the case and the keyboard (but the French), with or without what scanners add.

    Raises QrMalformed with its reason, or QrOtherScheme for the code of somebody else.
    """
    text = _plain(scanned[:_LONGEST_INPUT])
    ours = _OURS.fullmatch(text)
    if ours is None:
        _refuse_beginning(text)
    body = ours["body"]
    if ours["dash"] is not None and _UUID.fullmatch(body):
        raise QrOtherScheme
    if not _BODY.fullmatch(body):
        _refuse_alphabet(body)
    if len(body) != BODY_LENGTH:
        raise QrMalformed(reason=Malformation.LENGTH)
    content = base64.b32hexdecode(body)
    parts, check = content[: 2 * PART_BYTES], content[2 * PART_BYTES :]
    if not hmac.compare_digest(check, _check(parts)):
        raise QrMalformed(reason=Malformation.CHECKSUM)
    return CardCode(reference=parts[:PART_BYTES], key=parts[PART_BYTES:])


def _plain(text: str) -> str:
    """Drop what cannot be seen, trim, and undo Caps Lock."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf"}).strip().translate(_CAPITALS)


def _refuse_beginning(text: str) -> NoReturn:
    if not text:
        raise QrMalformed(reason=Malformation.LENGTH)
    if _OTHER_KEYBOARD.fullmatch(text):
        raise QrMalformed(reason=Malformation.PREFIX, hint="layout")
    if _DAMAGED_BEGINNING.fullmatch(text) and not _NAMED_SCHEME.fullmatch(text):
        raise QrMalformed(reason=Malformation.PREFIX)
    raise QrOtherScheme


def _refuse_alphabet(body: str) -> NoReturn:
    """Blame the keyboard for signs, but not for the last letters, which no keyboard makes of our alphabet."""
    if _LETTERS_AND_DIGITS.fullmatch(body):
        raise QrMalformed(reason=Malformation.ALPHABET)
    raise QrMalformed(reason=Malformation.ALPHABET, hint="layout")


def _check(parts: bytes) -> bytes:
    return hashlib.sha256(b"IDK1 check" + parts).digest()[:_CHECK_BYTES]

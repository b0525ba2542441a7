"""A text to try a scanner with, and what its keyboard made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.cards.codes import BODY_LENGTH, Prefix, read_code
from domain.cards.refusals import QrMalformed, QrOtherScheme

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
# As long as a code, with every sign of its alphabet in it; its check does not hold, so nothing can be opened with it.
TEST_TEXT = Prefix.IDK1 + ALPHABET + ALPHABET[::-1][: BODY_LENGTH - len(ALPHABET)]
# Nobody's scanner types more around a code.
MOST_AROUND = 16


class ScannerFinding(StrEnum):
    """What came of the test."""

    CLEAN = "clean"
    CAPS_LOCK = "caps-lock"
    MORE_AROUND = "more-around"
    CHANGED = "changed"
    INCOMPLETE = "incomplete"
    TWICE = "twice"
    NOTHING = "nothing"
    REAL_CODE = "real-code"
    SOMETHING_ELSE = "something-else"


@dataclass(frozen=True, slots=True)
class Changed:
    """A sign that came as another one."""

    sign: str
    came_as: str


@dataclass(frozen=True, slots=True)
class ScannerVerdict:
    """What a scanner did to the test text. `works` says whether our checks would read it all the same.

    `changed` names signs that came as others, `before` and `after` what was added, `missing` how many signs are lost.
    """

    finding: ScannerFinding
    works: bool = False
    changed: tuple[Changed, ...] = ()
    before: str = ""
    after: str = ""
    missing: int = 0


def examine(typed: str) -> ScannerVerdict:
    """Compare what was typed with what should have been. A real code is recognised, so that nobody repeats it on a page."""
    text = typed.strip()
    if not text:
        return ScannerVerdict(ScannerFinding.NOTHING)
    if len(text.upper()) != len(text):
        return ScannerVerdict(ScannerFinding.SOMETHING_ELSE)
    if _is_real(text):
        return ScannerVerdict(ScannerFinding.REAL_CODE)
    if text == TEST_TEXT:
        return ScannerVerdict(ScannerFinding.CLEAN, works=True)
    if text.upper().count(TEST_TEXT) > 1:
        return ScannerVerdict(ScannerFinding.TWICE)
    return _with_more(text) or _with_changes(text)


def _is_real(text: str) -> bool:
    try:
        read_code(text)
    except (QrMalformed, QrOtherScheme):
        return False
    return True


def _with_more(text: str) -> ScannerVerdict | None:
    """What the whole text stands in, perhaps in other capitals; None where it does not."""
    at = text.upper().find(TEST_TEXT)
    if at < 0 or len(text) > len(TEST_TEXT) + MOST_AROUND:
        return None
    before, after = text[:at], text[at + len(TEST_TEXT) :]
    finding = ScannerFinding.MORE_AROUND if before or after else ScannerFinding.CAPS_LOCK
    # What scanners say of themselves, such as ]Q1, the reader takes off; anything else it does not.
    says_of_itself = not after and len(before) in {2, 3} and before[-2:].upper()[0] == "Q" and before[-1].isdigit()
    return ScannerVerdict(finding, works=not (before or after) or says_of_itself, before=before, after=after)


def _with_changes(text: str) -> ScannerVerdict:
    if len(text) == len(TEST_TEXT):
        pairs = dict.fromkeys((sign, came) for sign, came in zip(TEST_TEXT, text, strict=True) if sign != came.upper())
        if len(pairs) <= len(ALPHABET) * 3 // 4:
            return ScannerVerdict(ScannerFinding.CHANGED, changed=tuple(Changed(*pair) for pair in pairs))
    signs = iter(TEST_TEXT)
    if len(text) < len(TEST_TEXT) and all(sign in signs for sign in text.upper()):
        return ScannerVerdict(ScannerFinding.INCOMPLETE, missing=len(TEST_TEXT) - len(text))
    return ScannerVerdict(ScannerFinding.SOMETHING_ELSE)

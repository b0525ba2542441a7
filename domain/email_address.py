"""An address that letters can be sent to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email

from domain.refusals import Refusal
from domain.words import _

# RFC 5321, section 4.5.3.1: the whole address, and what stands before the @.
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
# Programs on the way would decode what begins like this (RFC 2047), line breaks and all.
ENCODED_WORD = "=?"
# Control characters, invisible ones, and the two that Unicode has for ending lines.
_HIDDEN = {"Cc", "Cf", "Zl", "Zp"}


class NotAnEmailAddress(Refusal):
    """What was given cannot be an e-mail address."""

    code = "not-an-email-address"
    words = _("This is not an e-mail address that we can send to. Write it like name@company.no.")


class NoAtSign(NotAnEmailAddress):
    """There is no @ in it."""

    code = "email-address-without-at"
    words = _("An e-mail address has an @ between the name and the company, like name@company.no. There is none in this one.")


class HiddenCharacters(NotAnEmailAddress):
    """There is a line break or another invisible sign in it."""

    code = "email-address-with-hidden-characters"
    words = _("There is a line break or another invisible character in this e-mail address. Type it in instead of pasting it.")


class AddressTooLong(NotAnEmailAddress):
    """It is longer than any mail server takes."""

    code = "email-address-too-long"
    words = _("This is too long to be an e-mail address. Enter one address, with at most 64 characters before the @ and 254 in all.")


class OtherThanEnglishLetters(NotAnEmailAddress):
    """There are letters before the @ that many mail servers do not take."""

    code = "email-address-with-other-letters"
    words = _(
        "We can only send to addresses that have the letters a to z, digits and common signs before the @. "
        "Letters such as æ, ø and å are fine after it."
    )


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address: `value` is what mail servers understand, `shown` is how people write it. It does not show in logs."""

    value: str = field(repr=False)
    shown: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> EmailAddress:
        """Read an address as somebody typed it; spaces around it do not matter. Whether anybody reads it is not asked here.

        Raises NotAnEmailAddress or the subclass of it that says what is wrong.
        """
        typed = text.strip(" \u00a0")
        _refuse_what_is_plainly_wrong(typed)
        try:
            valid = validate_email(typed, check_deliverability=False, allow_smtputf8=False, strict=True)
        except EmailNotValidError:
            # Its own words repeat the address, so they go no further.
            raise NotAnEmailAddress from None
        if valid.ascii_email is None:
            raise NotAnEmailAddress
        return cls(valid.ascii_email, valid.normalized)


def _refuse_what_is_plainly_wrong(typed: str) -> None:
    local_part, at, _domain = typed.rpartition("@")
    if len(typed) > LONGEST_ADDRESS or len(local_part) > LONGEST_LOCAL_PART:
        raise AddressTooLong
    if any(unicodedata.category(sign) in _HIDDEN for sign in typed):
        raise HiddenCharacters
    if not at:
        raise NoAtSign
    if not local_part.isascii():
        raise OtherThanEnglishLetters
    if ENCODED_WORD in local_part:
        raise NotAnEmailAddress

"""Every way in which a check is refused, with what the till's developer and the cashier are told."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.refusals import Refusal
from domain.words import _


class Malformation(StrEnum):
    """What is wrong with a scanned text."""

    PREFIX = "prefix"
    ALPHABET = "alphabet"
    LENGTH = "length"
    CHECKSUM = "checksum"


class CheckRefusal(Refusal):
    """A check that was not made.

    `status` is the HTTP status, `burns` says whether the customer's code is spent. `title` and `words` are for developers,
    `till_words` for the cashier; all three are keys of the catalogues. `wire_code` is the code as tills read it.
    """

    status: ClassVar[int]
    burns: ClassVar[bool] = False
    title: ClassVar[str]
    till_words: ClassVar[str]
    wire_code: ClassVar[str]

    code = "check-refused"
    words = _("This check was refused.")

    def __init_subclass__(cls) -> None:
        """Write the code as the wire format does, with low lines."""
        super().__init_subclass__()
        cls.wire_code = cls.code.replace("-", "_")


class QrMalformed(CheckRefusal):
    """The text is ours in part, but a scanner, a keyboard or a hand has changed it.

    Facts: `reason` is a Malformation; `hint` is `layout` when the till's keyboard layout explains what happened.
    """

    code = "qr-malformed"
    status = 422
    title = _("The code was misread")
    words = _("The scanned text is damaged: reason tells how. Send the text exactly as the scanner gives it.")
    till_words = _("The scanner misread the code. Check the keyboard layout and Caps Lock.")

    @property
    def reason(self) -> Malformation:
        """What is wrong with the text."""
        return Malformation(self.facts["reason"])

    @property
    def hint(self) -> str | None:
        """What the till's owner should look at, if we can tell."""
        return self.facts.get("hint")


class QrOtherScheme(CheckRefusal):
    """Somebody scanned a code of another kind."""

    code = "qr-other-scheme"
    status = 422
    title = _("The code is of another kind")
    words = _("The scanned text is no code of this ID card. Send only texts that start with one of its prefixes.")
    till_words = _("This is not one of our ID cards.")


class QrUnknown(CheckRefusal):
    """Nobody has registered this code, or it was swept long ago."""

    code = "qr-unknown"
    status = 404
    title = _("Unknown code")
    words = _("No app has registered this code. Sandbox codes are known in the sandbox only.")
    till_words = _("Unknown code. Ask the customer to make a new one.")


class QrExpired(CheckRefusal):
    """The code's half minute is over."""

    code = "qr-expired"
    status = 410
    title = _("The code has expired")
    words = _("A code lives for 30 seconds by our clock, and this one is older.")
    till_words = _("The code has expired. Ask the customer to make a new one.")


class QrUsed(CheckRefusal):
    """Another check was first."""

    code = "qr-used"
    status = 409
    title = _("The code has been used")
    words = _("A code is good for one check. Only the same request with the same Idempotency-Key may be repeated, for 10 seconds.")
    till_words = _("The code has been used already. Ask the customer to make a new one.")


class CardExpired(CheckRefusal):
    """The document behind the card has run out."""

    code = "card-expired"
    status = 422
    burns = True
    title = _("The card has expired")
    words = _("The document that this ID card was made from has expired.")
    till_words = _("The ID card has expired. Ask for other ID.")


class CardBlocked(CheckRefusal):
    """The card is blocked, or what it holds cannot be trusted."""

    code = "card-blocked"
    status = 422
    burns = True
    title = _("The card is blocked")
    words = _("This ID card is blocked, or what it holds cannot be trusted.")
    till_words = _("The ID card cannot be used. Ask for other ID.")


class CardIncomplete(CheckRefusal):
    """The card was made without something that the purpose needs, such as the photo."""

    code = "card-incomplete"
    status = 422
    burns = True
    title = _("The card lacks something")
    words = _("This ID card was issued without something that the purpose needs, such as the photo.")
    till_words = _("The ID card lacks what is needed here. Ask for other ID.")


class HolderLimited(CheckRefusal):
    """The customer shows less than the purpose needs; nobody but the customer can change that."""

    code = "holder-limited"
    status = 403
    burns = True
    title = _("The customer shows less")
    words = _("The customer's app has granted fewer data than the purpose needs, so we cannot open the rest.")
    till_words = _("The customer must choose “Name” or “Full ID” in the app and make a new code.")


class PurposeNotInAgreement(CheckRefusal):
    """The company has not agreed with us to ask for this."""

    code = "purpose-not-in-agreement"
    status = 403
    title = _("The purpose is not in the agreement")
    words = _("The company's agreement does not hold this purpose. The code is unspent.")
    till_words = _("This check is not part of the agreement. Contact the shop's administrator.")


class AgreementInactive(CheckRefusal):
    """The company has no agreement that holds today."""

    code = "agreement-inactive"
    status = 403
    title = _("No agreement in force")
    words = _("The company has no agreement in force today. The code is unspent.")
    till_words = _("The shop's agreement is not in force. Contact the shop's administrator.")


class TerminalUnknown(CheckRefusal):
    """The company has not registered this till."""

    code = "terminal-unknown"
    status = 403
    title = _("Unknown terminal")
    words = _("The company has no terminal with this id. The code is unspent.")
    till_words = _("This till is not registered. Contact the shop's administrator.")


class Unauthorized(CheckRefusal):
    """The till's access token is missing, expired, withdrawn or made up."""

    code = "unauthorized"
    status = 401
    title = _("No valid access token")
    words = _("The access token is missing, unknown or has expired. Get a new one from the token endpoint. The code is unspent.")
    till_words = _("The till could not log in. Try once more, then contact the shop's administrator.")


class InsufficientScope(CheckRefusal):
    """The till's access token does not say which data set it is for."""

    code = "insufficient-scope"
    status = 403
    title = _("The token names no data set")
    words = _(
        "The access token names no data set, or more than one. Get one whose scope is exactly one of vis-leg/identity_age_only, "
        "vis-leg/identity_basic, vis-leg/identity_picture_age and vis-leg/identity_full. The code is unspent."
    )
    till_words = _("The till is not set up for this check. Contact the shop's administrator.")


class RateLimited(CheckRefusal):
    """Too many checks at once from one client or terminal."""

    code = "rate-limited"
    status = 429
    title = _("Too many requests")
    words = _("This client or terminal has made too many requests. Wait as long as Retry-After says. The code is unspent.")
    till_words = _("Wait a little, then scan once more.")


class CheckUnavailable(CheckRefusal):
    """We cannot check anything just now, and never guess."""

    code = "unavailable"
    status = 503
    title = _("Checks are unavailable")
    words = _("We cannot check cards just now. Nothing is known about this customer, so nothing may be assumed.")
    till_words = _("ID cards cannot be checked just now. Ask for physical ID.")


class IdempotencyKeyReused(CheckRefusal):
    """One key was given to two different requests."""

    code = "idempotency-key-reused"
    status = 422
    title = _("The Idempotency-Key was used for another request")
    words = _("This Idempotency-Key came with another body before. Make a new key for every scan.")
    till_words = _("The till mixed up two checks. Scan a new code.")

"""What the holder's app may not do, and who a holder is to us."""

from __future__ import annotations

import hmac
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from domain.requests import RequestRefusal
from domain.words import _

# How far a phone's clock may be off, or its request on the way.
SIGNATURE_LIVES = timedelta(seconds=60)


def holder_pseudonym(key: bytes, issuer: str, subject: str) -> bytes:
    """Stand for a person, by the pairwise subject that the eIDs' broker knows them by: 32 bytes that lead back only with the key."""
    return hmac.digest(key, f"{issuer}\n{subject}".encode(), sha256)


class DeviceUnauthorized(RequestRefusal):
    """The request is not signed by the phone that holds the card, not now, or says something else than the signature."""

    code = "device-unauthorized"
    title = _("Not signed by the card's phone")
    words = _("The header Authorization must be “Card” and a signature of this very request by the card's device key, made just now.")
    status = 401


class RequestRepeated(RequestRefusal):
    """Somebody sends again what has been sent before."""

    code = "request-repeated"
    title = _("The request came before")
    words = _("This signed request has come before. Sign it anew, with another jti.")
    status = 409


class LoginNotBelieved(RequestRefusal):
    """The ID token is not one that was made for this app and this phone a moment ago."""

    code = "login-not-believed"
    title = _("The login does not count")
    words = _("The ID token must be fresh, for the app's client id, from BankID, and its nonce the thumbprint of the device key.")
    status = 422


class Flaw(StrEnum):
    """What is wrong with a card that is handed in."""

    ISSUER = "issuer"
    CARD = "card"
    CLAIMS = "claims"
    HOLDER_KEY = "holder_public_key"


class CardNotBelieved(RequestRefusal):
    """The card is not what an issuer that we trust has signed, or not whole. Facts: `flaw` is a Flaw."""

    code = "card-not-believed"
    title = _("The card cannot be enrolled")
    words = _("The card cannot be enrolled: %(flaw)s is not right. Have the card issued anew for this phone.")
    status = 422


class CardKnown(RequestRefusal):
    """A card is enrolled once."""

    code = "card-known"
    title = _("The card is enrolled already")
    words = _("This card, or its mailbox, is enrolled already. Have a new one issued.")
    status = 409


class CodeRefused(RequestRefusal):
    """More codes at once than a person can show, or one that exists."""

    code = "code-refused"
    title = _("Too many codes")
    words = _("The card has too many unused codes, or this reference is taken. Wait half a minute and make a new code.")
    status = 429

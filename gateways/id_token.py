"""Whether an ID token is the answer to our question, whoever it is about."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

# Two clocks are never quite the same.
LEEWAY = timedelta(seconds=30)
# A token is made for what is going on now, not for later.
FRESH = timedelta(minutes=10)
LONGEST_NAME = 200


class NotBelieved(Exception):
    """A token that is not what it has to be. What stands in it is never repeated."""


class AssuranceNotReached(NotBelieved):
    """The login was done in another way than the one asked for."""


class IdToken(BaseModel):
    """The claims of every ID token (OpenID Connect Core 1.0, section 2). Nothing of it shows in logs."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)

    iss: str
    sub: str = Field(min_length=1, max_length=255, repr=False)
    aud: str | list[str]
    azp: str | None = None
    exp: float
    iat: float
    nonce: str = Field(repr=False)
    acr: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to say to be the answer to our question. Without `acr_values`, any way of logging in will do."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    acr_values: Collection[str] | None
    now: datetime


TokenT = TypeVar("TokenT", bound=IdToken)
ClaimsT = TypeVar("ClaimsT", bound=BaseModel)


def believed(kind: type[TokenT], claims: dict[str, object], expected: Expected) -> TokenT:
    """Read the claims of a token whose signature holds. Raises NotBelieved unless they answer our question, now, and to us."""
    token = claims_as(kind, claims)
    believe(token.iss == expected.issuer, "another issuer")
    believe_made_now_for_us(token.aud, token.iat, token.exp, expected.client_id, expected.now)
    believe(token.azp in (None, expected.client_id), "asked for by somebody else")
    believe(hmac.compare_digest(token.nonce.encode(), expected.nonce.encode()), "another login's nonce")
    if expected.acr_values is not None and token.acr not in expected.acr_values:
        raise AssuranceNotReached("not the assurance that was asked for")
    return token


def claims_as(kind: type[ClaimsT], claims: dict[str, object]) -> ClaimsT:
    """Read claims as what they have to be. Raises NotBelieved."""
    try:
        return kind.model_validate(claims)
    except ValidationError:
        raise NotBelieved("a claim is missing or of the wrong kind") from None


def believe_made_now_for_us(aud: str | list[str], iat: float, exp: float, client_id: str, now: datetime) -> None:
    """Raise NotBelieved unless a token is meant for us alone, was made some minutes ago at most, and is still good."""
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    believe(aud in (client_id, [client_id]), "for somebody else, or not for us alone")
    believe(exp > moment - leeway, "expired")
    believe(moment - FRESH.total_seconds() < iat < moment + leeway, "not made just now")


def believe(holds: bool, otherwise: str) -> None:
    """Raise NotBelieved, with the reason, unless something holds."""
    if not holds:
        raise NotBelieved(otherwise)


def tidy(name: str | None) -> str:
    """Keep what can be seen of a name, on one line."""
    visible = "".join(sign if unicodedata.category(sign) != "Cc" else " " for sign in name or "")
    return " ".join(visible.split())[:LONGEST_NAME]

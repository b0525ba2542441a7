"""By which credentials a client says who it is, taken from a token request; whether they are right is for others to say."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from api.assertions import Assertion, AssertionRefused
from domain.api_access import LONGEST_CREDENTIAL

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# RFC 6749, appendix A.1 and A.2.
VISIBLE = re.compile(r"[\x20-\x7e]+")


class TwoWaysAtOnce(Exception):
    """A client that proves itself in two ways might be two clients."""


class NoCredentials(Exception):
    """A client that does not prove itself in any way we know, or in a way that cannot be read."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A client id with its secret."""

    client_id: str
    secret: str = field(repr=False)


def credentials_of(authorization: list[str], form: Mapping[str, str]) -> Secret | Assertion:
    """Take the credentials from the header (client_secret_basic), or from the form (client_secret_post, private_key_jwt).

    Raises TwoWaysAtOnce, also where the form names another client than they do, and NoCredentials.
    """
    in_form = {name for name in ("client_secret", "client_assertion", "client_assertion_type") if name in form}
    ways = len(authorization) + ("client_secret" in in_form) + bool(in_form - {"client_secret"})
    if ways > 1:
        raise TwoWaysAtOnce
    if ways == 0:
        raise NoCredentials
    given = _by_basic(authorization[0]) if authorization else _by_form(form)
    if form.get("client_id", given.client_id) != given.client_id:
        raise TwoWaysAtOnce
    return given


def _by_basic(authorization: str) -> Secret:
    scheme, _, encoded = authorization.partition(" ")
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        name, secret = unquote_plus(name, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError) as error:
        raise NoCredentials from error
    if scheme.lower() != "basic" or not colon:
        raise NoCredentials
    return _secret(name, secret)


def _by_form(form: Mapping[str, str]) -> Secret | Assertion:
    if "client_secret" in form:
        return _secret(form.get("client_id", ""), form["client_secret"])
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise NoCredentials
    try:
        return Assertion.parse(form.get("client_assertion", ""))
    except AssertionRefused as error:
        raise NoCredentials from error


def _secret(client_id: str, secret: str) -> Secret:
    if not all(VISIBLE.fullmatch(text) and len(text) <= LONGEST_CREDENTIAL for text in (client_id, secret)):
        raise NoCredentials
    return Secret(client_id, secret)

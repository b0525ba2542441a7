"""What gives a program the right to call us: client secrets, access tokens, scopes."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

TOKEN_LIFE = timedelta(seconds=300)
# Told apart by how they begin, so that whoever finds one lying about knows what it is and whom to tell.
TOKEN_MARK, SECRET_MARK = "skranke_token_", "skranke_secret_"
RANDOM_BYTES = 32
LONGEST_CREDENTIAL = 512

# RFC 6749, appendix A.4.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")


class Scope(StrEnum):
    """The data sets of Stø's published contract for tills, and the right to name a shop; our own contract does without scopes."""

    AGE_ONLY = "vis-leg/identity_age_only"
    BASIC = "vis-leg/identity_basic"
    PICTURE_AGE = "vis-leg/identity_picture_age"
    FULL = "vis-leg/identity_full"
    SHOP_INFO = "vis-leg/shop_info"


class UnknownScope(Exception):
    """A scope that nobody has, or a list of scopes that is none."""


def scopes_in(text: str) -> tuple[Scope, ...]:
    """Read a list of scopes with blanks between, each kept once. Raises UnknownScope."""
    if not _SCOPE.fullmatch(text):
        raise UnknownScope
    try:
        return tuple(dict.fromkeys(map(Scope, text.split(" "))))
    except ValueError as error:
        raise UnknownScope from error


def new_token(random: Callable[[int], str] = secrets.token_urlsafe) -> str:
    """Make an access token, of 256 random bits. It is told once; what is kept is its hash."""
    return TOKEN_MARK + random(RANDOM_BYTES)


def new_client_secret(random: Callable[[int], str] = secrets.token_urlsafe) -> str:
    """Make a client's secret, of 256 random bits. It is told once; what is kept is its hash."""
    return SECRET_MARK + random(RANDOM_BYTES)


def sandbox_client_of(organisation_number: str) -> str:
    """The name of the one sandbox client that a company's members make themselves."""
    return f"sandbox-{organisation_number}"


def credential_hash(credential: str) -> bytes:
    """The SHA-256 by which a token or a secret is kept, 32 bytes. Random as they are, they need no salt and no slow hash."""
    return hashlib.sha256(credential.encode()).digest()

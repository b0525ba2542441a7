"""Who calls: a client of a company, by its access token."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

BEARER = "bearer"


def token_hash(request: Request) -> bytes:
    """The SHA-256 of the access token that a request bears, 32 bytes, by which `access_token` is looked up.

    Raises Unauthorized where there is none. Whether it is known and alive is not looked at here.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return hashlib.sha256(token.encode() if scheme.lower() == BEARER else b"").digest()


TokenHash = Annotated[bytes, Depends(token_hash)]

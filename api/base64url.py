"""Bytes in JSON, as JOSE writes them: base64url without padding."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from pydantic import BeforeValidator

ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def b64url(data: bytes) -> str:
    """Write bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64url(text: object) -> bytes:
    """Read bytes. Raises ValueError for anything that `b64url` would not have written."""
    if not isinstance(text, str) or not ALPHABET.fullmatch(text):
        raise ValueError("is not base64url")
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError("is not base64url") from None
    if b64url(data) != text:
        raise ValueError("is not base64url in its one form")
    return data


Bytes = Annotated[bytes, BeforeValidator(from_b64url)]

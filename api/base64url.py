"""Bytes in JSON, as JOSE writes them: base64url without padding."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from domain.cards.jose import from_base64url


def _bytes_of(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("is not text")  # noqa: TRY004 - pydantic makes an answer of this kind of error alone
    return from_base64url(text)


Bytes = Annotated[bytes, BeforeValidator(_bytes_of)]

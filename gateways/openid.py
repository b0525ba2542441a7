"""An OpenID provider's machine side: what it says of itself, its keys, and what is posted to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.clock import Clock
from gateways.http import AsyncClient, HTTPError, Response
from gateways.id_token import NotBelieved

ALGORITHMS = {"ES256", "RS256"}
LARGEST_ANSWER = 256 * 1024
# From the first byte asked for to the last one read; the client's own timeouts hold for each piece only.
WHOLE_ANSWER = timedelta(seconds=10)
METADATA_LIVES = timedelta(hours=1)
# Whoever makes up key ids is not to make us ask the provider each time.
FRESH_KEYS_EVERY = timedelta(seconds=1)
OK, CREATED = 200, 201
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ProviderUnavailable(Exception):
    """The provider gave no answer that we can rely on. What it did answer may be personal and is never repeated."""


class ProviderRefused(Exception):
    """The provider said no, in the code of an OAuth error (RFC 6749, section 5.2)."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the provider refused: {code}")
        self.code = code


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as we use it."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...]


class Pushed(BaseModel):
    """The answer to a pushed authorization request (RFC 9126, section 2.2)."""

    request_uri: str


class Tokens(BaseModel):
    """The answer of a token endpoint; access and refresh tokens are not even read."""

    id_token: str | None = None


class _Refusal(BaseModel):
    error: str


AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(slots=True)
class OpenIdProvider:
    """Asks a provider. Every method raises ProviderUnavailable when there is no answer to rely on."""

    client: AsyncClient
    issuer: str
    clock: Clock
    _metadata: Metadata | None = None
    _keys: KeySet | None = None
    _metadata_since: datetime | None = None
    _fresh_since: datetime | None = None

    async def metadata(self) -> Metadata:
        """Tell what the provider says of itself; asked anew every hour."""
        now = self.clock.now()
        if self._metadata is None or self._metadata_since is None or now - self._metadata_since > METADATA_LIVES:
            metadata = _read(Metadata, await self._fetch("GET", f"{self.issuer}/.well-known/openid-configuration"))
            self._refuse_strangers(metadata)
            self._metadata, self._metadata_since, self._keys = metadata, now, None
        return self._metadata

    async def keys(self, *, fresh: bool = False) -> KeySet:
        """Fetch the keys that the provider signs with; they are kept as long as the metadata, unless they must be fresh."""
        if fresh and (self._fresh_since is None or self.clock.now() - self._fresh_since >= FRESH_KEYS_EVERY):
            self._keys, self._fresh_since = None, self.clock.now()
        if self._keys is None:
            body = await self._fetch("GET", (await self.metadata()).jwks_uri)
            try:
                self._keys = KeySet.import_key_set({"keys": [key for key in json.loads(body)["keys"] if key.get("use") != "enc"]})
            except (JoseError, ValueError, KeyError, TypeError, AttributeError):
                raise ProviderUnavailable("the provider's keys cannot be read") from None
        return self._keys

    async def signed_claims(self, token: str) -> dict[str, object]:
        """Read a token that the provider has signed. Raises NotBelieved.

        An unknown key is looked for once more, since keys change.
        """
        allowed = ALGORITHMS.intersection((await self.metadata()).id_token_signing_alg_values_supported)
        try:
            try:
                return _opened(token, await self.keys(), allowed)
            except InvalidKeyIdError:
                return _opened(token, await self.keys(fresh=True), allowed)
        except (JoseError, ValueError):
            raise NotBelieved("the signature does not hold") from None

    async def post(self, url: str, form: Mapping[str, str], answer: type[AnswerT]) -> AnswerT:
        """Post a form and read the answer. Raises ProviderRefused."""
        return _read(answer, await self._fetch("POST", url, form))

    def _refuse_strangers(self, metadata: Metadata) -> None:
        """Believe a provider only about itself (section 4.3), and only at addresses that nobody can listen in on."""
        if metadata.issuer != self.issuer:
            raise ProviderUnavailable("the provider says that it is another one")
        endpoints = (
            metadata.authorization_endpoint,
            metadata.token_endpoint,
            metadata.pushed_authorization_request_endpoint,
            metadata.jwks_uri,
        )
        if not all(map(_is_safe, endpoints)):
            raise ProviderUnavailable("the provider has an address that is not https")

    async def _fetch(self, method: str, url: str, form: Mapping[str, str] | None = None) -> bytes:
        try:
            async with (
                asyncio.timeout(WHOLE_ANSWER.total_seconds()),
                self.client.stream(method, url, data=form, headers={"Accept": "application/json"}, follow_redirects=False) as response,
            ):
                body = await _body(response)
        except (HTTPError, TimeoutError):
            raise ProviderUnavailable("the provider did not answer") from None
        if response.is_client_error and form is not None:
            raise ProviderRefused(_read(_Refusal, body).error)
        if response.status_code not in {OK, CREATED}:
            raise ProviderUnavailable(f"the provider answered {response.status_code}")
        return body


async def _body(response: Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise ProviderUnavailable("the provider's answer is too large")
    return bytes(body)


def _read(kind: type[AnswerT], body: bytes) -> AnswerT:
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        # Its own words repeat what was answered, so they go no further.
        raise ProviderUnavailable("the provider's answer cannot be read") from None


def _opened(token: str, keys: KeySet, algorithms: set[str]) -> dict[str, object]:
    return jwt.decode(token, keys, algorithms=sorted(algorithms)).claims


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)

"""Our side of a login by OpenID Connect, whoever it is that logs in.

The question is pushed to the provider beforehand (PAR, RFC 9126), we prove who we are by a signature (private_key_jwt), and PKCE,
nonce, state and the `iss` of the way back (RFC 9207) tie the answer to it. Signatures and keys are joserfc's; the flow is our own
forty lines rather than a library's, because pushing and most of the checks would have to be added to the library anyway. No token
is kept: it has done its work when the person is known.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from domain.clock import Clock
from domain.languages import Language
from gateways.http import AsyncClient
from gateways.id_token import AssuranceNotReached, Expected, NotBelieved, TokenT, believed
from gateways.openid import OpenIdProvider, ProviderRefused, ProviderUnavailable, Pushed, Tokens

ASSERTION_LIVES = timedelta(seconds=60)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Reason(StrEnum):
    """Why nobody was logged in."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FORGED = "forged"
    UNAVAILABLE = "unavailable"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    BIRTH_DATE_MISSING = "birth_date_missing"


# What a provider sends a browser back with (RFC 6749, section 4.1.2.1, and OpenID Connect Core, section 3.1.2.6).
_ERRORS = {"access_denied": Reason.CANCELLED, "login_required": Reason.EXPIRED}


class LoginFailed(Exception):
    """The provider's answer logs nobody in. `reason` is for its reader's page, the message for our log; neither tells who it was."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send a browser, and what its answer will have to fit."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Return:
    """What a browser brought back in its address: `code` or `error`, and `iss`."""

    code: str | None = field(repr=False)
    error: str | None
    issuer: str | None


class OpenIdClient:
    """Sends people to a provider, and hears from it who they are."""

    def __init__(  # noqa: PLR0913 - a client is registered with all of these
        self, http: AsyncClient, clock: Clock, *, issuer: str, client_id: str, key: str, redirect_uri: str
    ) -> None:
        """Take what the provider knows us by. `key` is our private EC P-256 key as a JWK."""
        self.issuer = issuer
        self.client_id = client_id
        self._provider = OpenIdProvider(http, issuer, clock)
        self._clock = clock
        self._key = ECKey.import_key(json.loads(key))
        self._redirect_uri = redirect_uri

    async def depart(self, scope: str, language: Language, wishes: Mapping[str, str]) -> Departure:
        """Prepare a login; `wishes` are further parameters of the question. Raises LoginFailed."""
        state, nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        question = {
            "response_type": "code",
            "redirect_uri": self._redirect_uri,
            "scope": scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "ui_locales": language.value,
            # Somebody who logged out here must not be let in again by whoever sits down next.
            "prompt": "login",
            **wishes,
        }
        try:
            metadata = await self._provider.metadata()
            pushed = await self._provider.post(metadata.pushed_authorization_request_endpoint, question | self._proof(), Pushed)
        except (ProviderUnavailable, ProviderRefused) as error:
            raise LoginFailed(Reason.UNAVAILABLE, str(error)) from None
        asked = urlencode({"client_id": self.client_id, "request_uri": pushed.request_uri})
        return Departure(f"{metadata.authorization_endpoint}?{asked}", state, nonce, verifier)

    async def arrive(
        self, kind: type[TokenT], came: Return, *, nonce: str, code_verifier: str, acr_values: Collection[str] | None = None
    ) -> TokenT:
        """Hear who came back, given what they set out with. Raises LoginFailed."""
        if came.issuer != self.issuer:
            raise LoginFailed(Reason.FORGED, "not sent back by our provider")
        if came.error is not None or not came.code:
            raise LoginFailed(_ERRORS.get(came.error or "", Reason.UNAVAILABLE), "sent back without a code")
        try:
            claims = await self.signed_claims(await self._exchange(came.code, code_verifier))
            return believed(kind, claims, Expected(self.issuer, self.client_id, nonce, acr_values, self._clock.now()))
        except AssuranceNotReached as error:
            raise LoginFailed(Reason.ASSURANCE_TOO_LOW, str(error)) from None
        except NotBelieved as error:
            raise LoginFailed(Reason.FORGED, str(error)) from None
        except ProviderUnavailable as error:
            raise LoginFailed(Reason.UNAVAILABLE, str(error)) from None

    async def signed_claims(self, token: str) -> dict[str, object]:
        """Read a token that the provider has signed. Raises NotBelieved, and ProviderUnavailable.

        An unknown key is looked for once more, since keys change.
        """
        return await self._provider.signed_claims(token)

    async def _exchange(self, code: str, code_verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": code_verifier,
        }
        try:
            tokens = await self._provider.post((await self._provider.metadata()).token_endpoint, form | self._proof(), Tokens)
        except ProviderRefused as error:
            # A code lives for a minute or so, and once.
            raise LoginFailed(Reason.EXPIRED if error.code == "invalid_grant" else Reason.UNAVAILABLE, str(error)) from None
        if tokens.id_token is None:
            raise NotBelieved("no ID token")
        return tokens.id_token

    def _proof(self) -> dict[str, str]:
        """Prove who we are to the provider (RFC 7523); its issuer is the only one the proof is good for."""
        now = self._clock.now()
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "jti": str(uuid4()),
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIVES).timestamp()),
        }
        header = {"alg": "ES256"} | ({"kid": self._key.kid} if self._key.kid else {})
        return {
            "client_id": self.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": jwt.encode(header, claims, self._key, algorithms=["ES256"]),
        }


def _challenge(verifier: str) -> str:
    """PKCE's S256 (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()

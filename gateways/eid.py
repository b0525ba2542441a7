"""Logging in with an electronic ID: OpenID Connect against the broker that speaks for all three.

One client, one adapter per eID (`gateways.eid_claims`). The question is pushed to the provider beforehand (PAR, RFC 9126), we
prove who we are by a signature (private_key_jwt), and PKCE, nonce, state and the `iss` of the way back (RFC 9207) tie the answer
to it. Signatures and keys are joserfc's; the flow is our own forty lines rather than a library's, because pushing and most of
the checks would have to be added to the library anyway. No token is kept: it has done its work when the person is known.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet

from domain.clock import Clock
from domain.eid import EidIdentity, EidScheme
from domain.languages import Language
from gateways.eid_claims import AssuranceNotReached, ClaimMissing, Expected, NoBirthDate, NotBelieved, identity, read_claims
from gateways.http import AsyncClient
from gateways.openid import OpenIdProvider, ProviderRefused, ProviderUnavailable, Pushed, Tokens

ALGORITHMS = {"ES256", "RS256"}
ASSERTION_LIVES = timedelta(seconds=60)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# How the broker is asked for each eID; each names the level of assurance too.
ACR_VALUES: Mapping[EidScheme, tuple[str, ...]] = {
    EidScheme.NO_BANKID: ("urn:grn:authn:no:bankid",),
    EidScheme.SE_BANKID: ("urn:grn:authn:se:bankid",),
    EidScheme.DK_MITID: ("urn:grn:authn:dk:mitid:substantial",),
}


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
    """The eID's answer logs nobody in. `reason` is for its reader's page, the message for our log; neither tells who it was."""

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


class Eid:
    """Sends people to their eID, and hears from it who they are."""

    def __init__(  # noqa: PLR0913 - a client is registered with all of these
        self,
        client: AsyncClient,
        clock: Clock,
        *,
        issuer: str,
        client_id: str,
        key: str,
        redirect_uri: str,
        acr_values: Mapping[EidScheme, tuple[str, ...]] = ACR_VALUES,
    ) -> None:
        """Take what the broker knows us by. `key` is our private EC P-256 key as a JWK."""
        self.issuer = issuer
        self._provider = OpenIdProvider(client, issuer, clock)
        self._clock = clock
        self._client_id = client_id
        self._key = ECKey.import_key(json.loads(key))
        self._redirect_uri = redirect_uri
        self._acr_values = acr_values

    async def depart(self, scheme: EidScheme, language: Language, *, hint: str | None = None) -> Departure:
        """Prepare a login. A `hint` says who is expected, which only a stand-in listens to. Raises LoginFailed."""
        state, nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        question = {
            "response_type": "code",
            "redirect_uri": self._redirect_uri,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "acr_values": " ".join(self._acr_values[scheme]),
            "ui_locales": language.value,
            # Somebody who logged out here must not be let in again by whoever sits down next.
            "prompt": "login",
        }
        if hint is not None:
            question["login_hint"] = hint
        try:
            metadata = await self._provider.metadata()
            form = question | self._proof()
            pushed = await self._provider.post(metadata.pushed_authorization_request_endpoint, form, Pushed)
        except (ProviderUnavailable, ProviderRefused) as error:
            raise LoginFailed(Reason.UNAVAILABLE, str(error)) from None
        asked = urlencode({"client_id": self._client_id, "request_uri": pushed.request_uri})
        return Departure(f"{metadata.authorization_endpoint}?{asked}", state, nonce, verifier)

    async def arrive(self, scheme: EidScheme, came: Return, *, nonce: str, code_verifier: str) -> EidIdentity:
        """Hear who came back, given what they set out with. Raises LoginFailed."""
        if came.issuer != self.issuer:
            raise LoginFailed(Reason.FORGED, "not sent back by our provider")
        if came.error is not None or not came.code:
            raise LoginFailed(_ERRORS.get(came.error or "", Reason.UNAVAILABLE), "sent back without a code")
        try:
            id_token = await self._exchange(came.code, code_verifier)
            token = read_claims(await self._verified(id_token), self._expected(scheme, nonce))
            return identity(scheme, token)
        except AssuranceNotReached as error:
            raise LoginFailed(Reason.ASSURANCE_TOO_LOW, str(error)) from None
        except NotBelieved as error:
            raise LoginFailed(Reason.FORGED, str(error)) from None
        except NoBirthDate:
            raise LoginFailed(Reason.BIRTH_DATE_MISSING, "the eID tells no birth date") from None
        except (ProviderUnavailable, ClaimMissing) as error:
            raise LoginFailed(Reason.UNAVAILABLE, str(error)) from None

    def _expected(self, scheme: EidScheme, nonce: str) -> Expected:
        return Expected(self.issuer, self._client_id, nonce, self._acr_values[scheme], self._clock.now())

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

    async def _verified(self, id_token: str) -> dict[str, object]:
        """Read a token that is signed by the provider; an unknown key is looked for once more, since keys change."""
        allowed = ALGORITHMS.intersection((await self._provider.metadata()).id_token_signing_alg_values_supported)
        try:
            try:
                return _opened(id_token, await self._provider.keys(), allowed)
            except InvalidKeyIdError:
                return _opened(id_token, await self._provider.keys(fresh=True), allowed)
        except (JoseError, ValueError):
            raise NotBelieved("the signature does not hold") from None

    def _proof(self) -> dict[str, str]:
        """Prove who we are to the provider (RFC 7523); its issuer is the only one the proof is good for."""
        now = self._clock.now()
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self.issuer,
            "jti": str(uuid4()),
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIVES).timestamp()),
        }
        header = {"alg": "ES256"} | ({"kid": self._key.kid} if self._key.kid else {})
        return {
            "client_id": self._client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": jwt.encode(header, claims, self._key, algorithms=["ES256"]),
        }


def _challenge(verifier: str) -> str:
    """PKCE's S256 (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _opened(id_token: str, keys: KeySet, algorithms: set[str]) -> dict[str, object]:
    return jwt.decode(id_token, keys, algorithms=sorted(algorithms)).claims

"""The clients: how each proves who it is, and what it may ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.datastructures import FormData

from stand_ins.openid_provider.tokens import ALG
from stand_ins.people import EIDS, SCHEMES

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION = 600
S256 = re.compile(r"[A-Za-z0-9_-]{43}")


class OAuthError(Exception):
    """An error answer of RFC 6749; `invalid_client` is a 401."""

    def __init__(self, error: str, description: str) -> None:
        """Refuse with this code and, for developers, the reason."""
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = 401 if error == "invalid_client" else 400


@dataclass(frozen=True, slots=True)
class Registration:
    """What the provider was told about a client: its id, its public keys, where it may be sent back to, and who logs in there.

    One without keys is an app on people's phones, which can keep no secret of its own (RFC 8252): PKCE alone protects it. A client
    with a `logout_uri` is told there when a session is over (OpenID Connect Back-Channel Logout 1.0).
    """

    client_id: str
    jwks: dict[str, Any] | None
    redirect_uris: tuple[str, ...]
    schemes: tuple[str, ...] = EIDS
    logout_uri: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A pushed request that has been found to be in order."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    code_challenge: str
    schemes: tuple[str, ...]
    login_hint: str
    language: str


@dataclass(slots=True)
class Client:
    """Knows a client by its private_key_jwt, each assertion once."""

    registration: Registration
    audiences: tuple[str, ...]
    _assertions_seen: set[str] = field(default_factory=set)

    def authenticate(self, form: Mapping[str, str], now: float) -> None:
        """Raise OAuthError unless the form carries a fresh, signed assertion that nobody has used before."""
        if self.registration.jwks is None:
            self._has_no_secret(form)
            return
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
            raise OAuthError("invalid_client", "private_key_jwt is the only way in")
        claims = self._claims(form.get("client_assertion", ""))
        own_id = self.registration.client_id
        if claims.get("iss") != own_id or claims.get("sub") != own_id or form.get("client_id", own_id) != own_id:
            raise OAuthError("invalid_client", "iss, sub and client_id must be the client's id")
        aud = claims.get("aud")
        if aud not in [*self.audiences, *([known] for known in self.audiences)]:
            raise OAuthError("invalid_client", "aud must be the issuer or the token endpoint")
        expires, jti = claims.get("exp"), claims.get("jti")
        if not isinstance(expires, int | float) or not now < expires <= now + LONGEST_ASSERTION:
            raise OAuthError("invalid_client", "exp is missing, past or too far off")
        if not isinstance(jti, str) or not jti or jti in self._assertions_seen:
            raise OAuthError("invalid_client", "jti is missing or has been used")
        self._assertions_seen.add(jti)

    def _has_no_secret(self, form: Mapping[str, str]) -> None:
        if form.get("client_id") != self.registration.client_id or form.keys() & {"client_secret", "client_assertion"}:
            raise OAuthError("invalid_client", "an app names itself by client_id and proves nothing else")

    def _claims(self, assertion: str) -> dict[str, Any]:
        try:
            return jwt.decode(assertion, KeySet.import_key_set(self.registration.jwks), algorithms=[ALG]).claims  # type: ignore[arg-type]  # a JWKS is plain JSON here, and an app without one has been let in before
        except (JoseError, ValueError) as error:
            raise OAuthError("invalid_client", f"the assertion is not signed with a registered key: {error}") from error

    def request(self, form: Mapping[str, str]) -> AuthorizationRequest:
        """Read a pushed request. Raises OAuthError for everything that is not to this provider's liking."""
        if form.get("client_id") != self.registration.client_id:
            raise OAuthError("invalid_request", "client_id is missing or another's")
        if form.get("redirect_uri") not in self.registration.redirect_uris:
            raise OAuthError("invalid_request", "redirect_uri is not registered")
        if form.get("response_type") != "code" or form.get("response_mode", "query") != "query" or "request_uri" in form:
            raise OAuthError("invalid_request", "only response_type=code with response_mode=query")
        if "openid" not in form.get("scope", "").split():
            raise OAuthError("invalid_scope", "openid is missing")
        if form.get("code_challenge_method") != "S256" or not S256.fullmatch(form.get("code_challenge", "")):
            raise OAuthError("invalid_request", "PKCE with S256 is required")
        if not form.get("state") or not form.get("nonce"):
            raise OAuthError("invalid_request", "state and nonce are required here")
        return AuthorizationRequest(
            client_id=self.registration.client_id,
            redirect_uri=form["redirect_uri"],
            state=form["state"],
            nonce=form["nonce"],
            code_challenge=form["code_challenge"],
            schemes=self._schemes(form.get("acr_values", "")),
            login_hint=form.get("login_hint", ""),
            language="en" if form.get("ui_locales", "").startswith("en") else "nb",
        )

    def _schemes(self, acr_values: str) -> tuple[str, ...]:
        asked, allowed = acr_values.split(), self.registration.schemes
        chosen = tuple(scheme for scheme in allowed if SCHEMES[scheme].acr in asked)
        if asked and not chosen:
            raise OAuthError("invalid_request", "acr_values names nothing that this client may ask for")
        return chosen or allowed


def named(form: Mapping[str, str]) -> str:
    """Which client a form says that it comes from: in so many words, or by its assertion, whose signature nobody has checked yet."""
    if "client_id" in form:
        return form["client_id"]
    try:
        return str(json.loads(jws.extract_compact(form.get("client_assertion", "").encode()).payload).get("iss"))
    except (JoseError, ValueError, AttributeError) as error:
        raise OAuthError("invalid_client", "neither client_id nor an assertion names a client") from error


def single_valued(form: FormData) -> dict[str, str]:
    """The form's fields as text. Raises OAuthError when one comes twice."""
    if len(form.multi_items()) != len(form):
        raise OAuthError("invalid_request", "a parameter is repeated")
    return {key: value for key, value in form.items() if isinstance(value, str)}

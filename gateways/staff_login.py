"""Logging in those who work here: OpenID Connect against the company's own provider, which says what their roles are.

It also tells us, behind the browser's back, when a session is over (OpenID Connect Back-Channel Logout 1.0).
"""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

from domain.clock import Clock
from domain.languages import Language
from domain.staff import ProviderLogout, StaffIdentity, roles_named
from gateways.http import AsyncClient
from gateways.id_token import IdToken, believe, believe_made_now_for_us, claims_as, tidy
from gateways.openid_client import Departure, LoginFailed, OpenIdClient, Reason, Return

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class StaffToken(IdToken):
    """What the company's provider says of somebody who works here. Somebody without roles may have no such claim at all."""

    name: str | None = Field(default=None, repr=False)
    email: str | None = Field(default=None, repr=False)
    roles: tuple[str, ...] = Field(default=(), strict=False)
    sid: str | None = Field(default=None, min_length=1, max_length=255, repr=False)


class LogoutToken(BaseModel):
    """The claims of a logout token (section 2.4)."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)

    iss: str
    aud: str | list[str]
    iat: float
    exp: float
    jti: str = Field(min_length=1, max_length=255, repr=False)
    events: dict[str, dict[str, object]]
    sub: str | None = Field(default=None, min_length=1, max_length=255, repr=False)
    sid: str | None = Field(default=None, min_length=1, max_length=255, repr=False)


class StaffLogin:
    """Sends those who work here to their provider, and hears from it who they are and when they have left."""

    def __init__(  # noqa: PLR0913 - a client is registered with all of these
        self, http: AsyncClient, clock: Clock, *, issuer: str, client_id: str, key: str, redirect_uri: str
    ) -> None:
        """Take what the provider knows us by. `key` is our private EC P-256 key as a JWK."""
        self.issuer = issuer
        self._openid = OpenIdClient(http, clock, issuer=issuer, client_id=client_id, key=key, redirect_uri=redirect_uri)
        self._clock = clock

    async def depart(self, language: Language, *, hint: str | None = None) -> Departure:
        """Prepare a login. A `hint` says who is expected, which only a stand-in listens to. Raises LoginFailed."""
        return await self._openid.depart("openid profile email", language, {} if hint is None else {"login_hint": hint})

    async def arrive(self, came: Return, *, nonce: str, code_verifier: str) -> StaffIdentity:
        """Hear who came back, given what they set out with; whether they have a role is for the caller to ask. Raises LoginFailed."""
        token = await self._openid.arrive(StaffToken, came, nonce=nonce, code_verifier=code_verifier)
        name, email = tidy(token.name), tidy(token.email)
        if not name or not email:
            raise LoginFailed(Reason.UNAVAILABLE, "the provider tells no name or no e-mail address")
        issued_at = datetime.fromtimestamp(token.iat, UTC)
        return StaffIdentity(token.iss, token.sub, name, email, roles_named(token.roles), token.sid, issued_at)

    async def read_logout(self, logout_token: str) -> ProviderLogout:
        """Hear that a session is over (section 2.6). Raises NotBelieved, and ProviderUnavailable when the signature cannot be checked."""
        claims = await self._openid.signed_claims(logout_token)
        token = claims_as(LogoutToken, claims)
        believe(token.iss == self.issuer, "another issuer")
        believe_made_now_for_us(token.aud, token.iat, token.exp, self._openid.client_id, self._clock.now())
        believe(LOGOUT_EVENT in token.events, "about something else")
        # With a nonce it could be an ID token that somebody sends us as a logout.
        believe("nonce" not in claims, "a nonce")
        believe(token.sid is not None or token.sub is not None, "about nobody")
        return ProviderLogout(token.iss, token.jti, datetime.fromtimestamp(token.iat, UTC), token.sid, token.sub)

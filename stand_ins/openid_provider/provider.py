"""The provider's endpoints: pushed request, login page, token, keys."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from stand_ins.openid_provider.client import AuthorizationRequest, Client, OAuthError, named, single_valued
from stand_ins.openid_provider.logout import Sessions, tell
from stand_ins.openid_provider.tokens import ALG, LIVES_FOR, Keys, Misbehaviour, access_token_hash, id_token_claims, signed, twisted
from stand_ins.openid_provider.words import WORDS
from stand_ins.pages import page
from stand_ins.people import SCHEMES, Persona, personas

Kept = TypeVar("Kept")

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
SHORT_LIVED = 60
PAGE_LIVES_FOR = 600
NO_STORE = {"cache-control": "no-store"}
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for until it is exchanged."""

    request: AuthorizationRequest
    persona: Persona
    misbehaviour: Misbehaviour | None


@dataclass(slots=True)
class Provider:
    """One OpenID provider. State is in memory: pushed requests, open login pages and unused codes, each with its end; and sessions."""

    issuer: str
    clients: Mapping[str, Client]
    clock: Callable[[], float] = time.time
    keys: Keys = field(default_factory=Keys)
    next_misbehaviour: Misbehaviour | None = None
    _pushed: dict[str, tuple[float, AuthorizationRequest]] = field(default_factory=dict)
    _open: dict[str, tuple[float, AuthorizationRequest]] = field(default_factory=dict)
    _codes: dict[str, tuple[float, Grant]] = field(default_factory=dict)
    _sessions: Sessions = field(default_factory=Sessions)

    def routes(self) -> list[Route]:
        """What the outside world sees."""
        return [
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/jwks", self.jwks),
            Route("/par", self.push, methods=["POST"]),
            Route("/authorize", self.authorize),
            Route("/login/{login}", self.login_page),
            Route("/login/{login}", self.decide, methods=["POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/personas", self.people),
        ]

    async def discovery(self, _: Request) -> Response:
        """Who this provider is and what it asks of clients."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "pushed_authorization_request_endpoint": f"{self.issuer}/par",
                "require_pushed_authorization_requests": True,
                "authorization_response_iss_parameter_supported": True,
                "scopes_supported": ["openid", "profile", "email"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["pairwise"],
                "acr_values_supported": [scheme.acr for scheme in SCHEMES.values()],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
                "token_endpoint_auth_signing_alg_values_supported": [ALG],
                "id_token_signing_alg_values_supported": [ALG],
                "ui_locales_supported": list(WORDS),
                "backchannel_logout_supported": True,
                "backchannel_logout_session_supported": True,
            }
        )

    async def jwks(self, _: Request) -> Response:
        """The keys that tokens are signed with."""
        return JSONResponse(self.keys.jwks())

    async def people(self, _: Request) -> Response:
        """Everybody who can log in, for tours and tests."""
        return JSONResponse(
            [
                {"id": who.id, "name": who.name, "eid": who.eid, "about": who.about, "works_for": who.works_for}
                for who in personas().values()
            ]
        )

    async def push(self, request: Request) -> Response:
        """PAR (RFC 9126): the request comes here first and is worth one visit to `/authorize` within 60 seconds."""
        form = single_valued(await request.form())
        client = self._authenticated(form)
        name = REQUEST_URI + secrets.token_urlsafe(24)
        self._pushed[name] = (self.clock() + SHORT_LIVED, client.request(form))
        return JSONResponse({"request_uri": name, "expires_in": SHORT_LIVED}, 201, NO_STORE)

    async def authorize(self, request: Request) -> Response:
        """The browser arrives with a pushed request. A login_hint `persona:<id>` answers at once; everybody else gets a page."""
        asked = self._taken(self._pushed, request.query_params.get("request_uri", ""))
        if asked is None or request.query_params.get("client_id") != asked.client_id:
            return page("login_problem.html", status=400, reason="request_uri")
        chosen = personas().get(asked.login_hint.removeprefix("persona:"))
        if asked.login_hint.startswith("persona:") and chosen and chosen.eid in asked.schemes:
            return self._logged_in(asked, chosen)
        login = secrets.token_urlsafe(24)
        self._open[login] = (self.clock() + PAGE_LIVES_FOR, asked)
        return RedirectResponse(f"/login/{login}", SEE_OTHER, NO_STORE)

    async def login_page(self, request: Request) -> Response:
        """Who would you like to be?"""
        ends, asked = self._open.get(request.path_params["login"], (0.0, None))
        if asked is None or ends < self.clock():
            return page("login_problem.html", status=400, reason="login")
        language = request.query_params.get("lang", asked.language)
        language = language if language in WORDS else "nb"
        schemes = [SCHEMES[scheme] for scheme in asked.schemes]
        back_to = "{0.scheme}://{0.netloc}".format(urlsplit(asked.redirect_uri))
        people = list(personas().values())
        return page("login.html", forms_to=[back_to], language=language, words=WORDS[language], schemes=schemes, people=people)

    async def decide(self, request: Request) -> Response:
        """A persona was chosen, or the login was cancelled or left lying."""
        form = single_valued(await request.form())
        asked = self._taken(self._open, request.path_params["login"])
        chosen = personas().get(form.get("persona", ""))
        if asked is None or (chosen and chosen.eid not in asked.schemes):
            return page("login_problem.html", status=400, reason="login")
        if chosen:
            return self._logged_in(asked, chosen)
        if form.get("outcome") == "expire":
            return self._back(asked, {"error": "login_required", "error_description": "The interaction timed out"})
        return self._back(asked, {"error": "access_denied", "error_description": "The user cancelled"})

    async def token(self, request: Request) -> Response:
        """A code for an ID token: once, within 60 seconds, by whoever began the login."""
        form = single_valued(await request.form())
        client_id = self._authenticated(form).registration.client_id
        if form.get("grant_type") != "authorization_code":
            raise OAuthError("unsupported_grant_type", "authorization_code only")
        grant = self._granted(form, client_id)
        access_token = secrets.token_urlsafe(32)
        now = self.clock()
        claims = id_token_claims(self.issuer, client_id, grant.persona, grant.request.nonce, now)
        self._sessions.begin(client_id, grant.persona, claims["sid"])
        claims["at_hash"] = access_token_hash(access_token)
        body = {"access_token": access_token, "token_type": "Bearer", "expires_in": LIVES_FOR, "scope": "openid profile"}
        if grant.misbehaviour is not Misbehaviour.NO_ID_TOKEN:
            body["id_token"] = signed(twisted(claims, grant.misbehaviour, grant.persona), self.keys, grant.misbehaviour)
        return JSONResponse(body, headers=NO_STORE | {"pragma": "no-cache"})

    async def end_sessions(self, persona: Persona, *, at_once: bool) -> list[int]:
        """Log somebody out of everything, and say what the clients that want to know of it have answered."""
        return await tell(self.clients, self._sessions.end(persona, at_once=at_once), self.issuer, self.keys, self.clock())

    def _authenticated(self, form: dict[str, str]) -> Client:
        client = self.clients.get(named(form))
        if client is None:
            raise OAuthError("invalid_client", "no such client")
        client.authenticate(form, self.clock())
        return client

    def _granted(self, form: dict[str, str], client_id: str) -> Grant:
        code = form.get("code", "")
        kept = self._codes.get(code)
        grant = self._taken(self._codes, code)
        if grant is None or kept is None:
            raise OAuthError("invalid_grant", "the code is unknown, used or too old")
        if grant.misbehaviour is Misbehaviour.REPLAYED_CODE_ALLOWED:
            self._codes[code] = kept
        if client_id != grant.request.client_id:
            raise OAuthError("invalid_grant", "the code is another client's")
        if form.get("redirect_uri") != grant.request.redirect_uri:
            raise OAuthError("invalid_grant", "redirect_uri is not the one of the request")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.request.code_challenge:
            raise OAuthError("invalid_grant", "code_verifier does not fit")
        return grant

    def _logged_in(self, asked: AuthorizationRequest, persona: Persona) -> Response:
        misbehaviour, self.next_misbehaviour = self.next_misbehaviour, None
        code = secrets.token_urlsafe(32)
        self._codes[code] = (self.clock() + SHORT_LIVED, Grant(asked, persona, misbehaviour))
        return self._back(asked, {"code": code}, misbehaviour)

    def _back(self, asked: AuthorizationRequest, answer: dict[str, str], misbehaviour: Misbehaviour | None = None) -> Response:
        state = secrets.token_urlsafe(16) if misbehaviour is Misbehaviour.WRONG_STATE else asked.state
        iss = "https://another-issuer.example" if misbehaviour is Misbehaviour.WRONG_REDIRECT_ISS else self.issuer
        query = answer | {"state": state} | ({} if misbehaviour is Misbehaviour.NO_REDIRECT_ISS else {"iss": iss})
        return RedirectResponse(f"{asked.redirect_uri}?{urlencode(query)}", SEE_OTHER, NO_STORE)

    def _taken(self, kept: dict[str, tuple[float, Kept]], name: str) -> Kept | None:
        ends, what = kept.pop(name, (0.0, None))
        return what if ends >= self.clock() else None

"""Where a client exchanges its credentials for an access token (RFC 6749, section 4.4), and the only place that answers as OAuth does."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.assertions import Assertion, AssertionRefused, Proof, public_keys
from api.bodies import FORM, read_body, wants_type
from api.callers import TOKEN_PATH
from api.counter import Counter, counter_of
from api.credentials import NoCredentials, Secret, TwoWaysAtOnce, credentials_of
from api.problems import problem
from api.token_document import TOKEN_DOCUMENT
from database.api_clients import ApiClient, ApiClients
from domain.api_access import TOKEN_LIFE, UnknownScope, credential_hash, new_token, scopes_in
from domain.cards.refusals import RateLimited
from domain.requests import RequestRefusal

NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MOST_FIELDS = 20

# The secret of whoever is unknown, so that refusing them takes as long.
NOBODYS_SECRET = bytes(32)

router = APIRouter()

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TokenRefused(Exception):
    """No token. `error` is one of RFC 6749's words; the description says what to do and nothing of what was sent."""

    error: str
    description: str
    status: int = 400

    def answer(self, public_url: str) -> Response:
        """Say so as RFC 6749, section 5.2, wants it."""
        said = {"error": self.error, "error_description": self.description, "error_uri": f"{public_url}/problems/{self.error}"}
        headers = {"WWW-Authenticate": 'Basic realm="Skranke", charset="UTF-8"'} if self.status == 401 else {}  # noqa: PLR2004 - HTTP's number
        return JSONResponse(said, self.status, {**NOT_STORED, **headers})


@dataclass(frozen=True)
class TooOften(Exception):
    """A client that asks for token after token instead of keeping one. It may ask again after `wait` seconds."""

    wait: int


INVALID_CLIENT = TokenRefused("invalid_client", "No client has these credentials, or it may not use them any more.", 401)
TWO_WAYS = TokenRefused("invalid_request", "Prove who you are in one way only, and name one client.")
IN_THE_ADDRESS = TokenRefused("invalid_request", "Send everything in the body: addresses are written down on their way here.")


@router.post(TOKEN_PATH, **TOKEN_DOCUMENT)
async def token(request: Request) -> Response:
    """Exchange a client's credentials for an access token of five minutes."""
    counter = counter_of(request)
    try:
        form = await _form(request)
        answer = await _issue(counter, request.headers.getlist("authorization"), form)
    except TokenRefused as refused:
        counter.meters.token(refused.error)
        return refused.answer(counter.public_url)
    except TooOften as too_often:
        counter.meters.token("rate_limited")
        return problem(counter.public_url, RateLimited(), {"Retry-After": str(too_often.wait)})
    counter.meters.token("issued")
    return JSONResponse(answer, headers=NOT_STORED)


async def _form(request: Request) -> Mapping[str, str]:
    """Read the form, in which each name stands once."""
    if request.url.query:
        raise IN_THE_ADDRESS
    try:
        wants_type(request, FORM)
        body = (await read_body(request)).decode("utf-8")
        pairs = parse_qsl(
            body, keep_blank_values=True, strict_parsing=bool(body), encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except RequestRefusal as refused:
        raise TokenRefused("invalid_request", str(refused), refused.status) from refused
    except ValueError as error:
        raise TokenRefused("invalid_request", "The body is no form in UTF-8.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefused("invalid_request", "A name in the form stands twice.")
    return form


async def _issue(counter: Counter, authorization: list[str], form: Mapping[str, str]) -> Mapping[str, object]:
    if "grant_type" not in form:
        raise TokenRefused("invalid_request", "The form has no grant_type; it must be client_credentials.")
    clients, now = ApiClients(counter.pool), counter.wall_clock.now()
    client = await _authenticated(counter, clients, authorization, form, now)
    if form["grant_type"] != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "The grant_type must be client_credentials.")
    scope = _scope(form)
    if wait := counter.token_gate.wait(client.client_id.encode()):
        raise TooOften(wait)
    counter.token_gate.count(client.client_id.encode())
    issued = new_token()
    if not await clients.remember_token(credential_hash(issued), client.client_id, scope, now + TOKEN_LIFE):
        raise INVALID_CLIENT
    answer: dict[str, object] = {"access_token": issued, "token_type": "Bearer", "expires_in": int(TOKEN_LIFE.total_seconds())}
    return answer | ({"scope": scope} if scope else {})


def _scope(form: Mapping[str, str]) -> str:
    try:
        return " ".join(scopes_in(form["scope"])) if form.get("scope") else ""
    except UnknownScope as error:
        raise TokenRefused("invalid_scope", "Leave scope out, or name scopes that the documentation lists.") from error


async def _authenticated(
    counter: Counter, clients: ApiClients, authorization: list[str], form: Mapping[str, str], now: datetime
) -> ApiClient:
    try:
        given = credentials_of(authorization, form)
    except TwoWaysAtOnce as error:
        raise TWO_WAYS from error
    except NoCredentials as error:
        raise INVALID_CLIENT from error
    client = await clients.find(given.client_id)
    proof = _by_secret(client, given) if isinstance(given, Secret) else _by_signature(client, given, counter.public_url, now)
    if client is None or not client.active or not proof:
        raise INVALID_CLIENT
    if isinstance(proof, Proof) and not await clients.take_assertion(client.client_id, proof.jti, proof.forget_at):
        raise INVALID_CLIENT
    return client


def _by_secret(client: ApiClient | None, given: Secret) -> bool:
    kept = client.secret_hash if client else None
    return hmac.compare_digest(credential_hash(given.secret), kept or NOBODYS_SECRET) and kept is not None


def _by_signature(client: ApiClient | None, given: Assertion, issuer: str, now: datetime) -> Proof | None:
    keys = public_keys(client.jwks) if client and client.jwks else ()
    try:
        return given.prove(keys, issuer=issuer, now=now)
    except AssertionRefused as refused:
        _log.info("an assertion was refused", extra={"kind": str(refused)})
        return None

"""An OpenID provider that plays the broker for Norwegian BankID, Swedish BankID and Danish MitID, with invented people."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from stand_ins.behaviours import CONTROL, Behaviours, Misbehaving
from stand_ins.openid_provider.client import Client, OAuthError, Registration
from stand_ins.openid_provider.provider import NO_STORE, Provider
from stand_ins.openid_provider.tokens import Misbehaviour
from stand_ins.pages import STYLE

__all__ = ["Misbehaviour", "Provider", "Registration", "provider_app", "provider_for"]


def provider_for(issuer: str, registration: Registration) -> Provider:
    """A provider at this address, with nobody logged in yet."""
    return Provider(issuer, Client(registration, audiences=(issuer, f"{issuer}/token")))


def provider_app(provider: Provider) -> ASGIApp:
    """The provider with its control door.

    `/_control/misbehave`: POST `{"how": "wrong_nonce"}` spoils the next login, DELETE takes it back, GET lists what can be asked for.
    `/_control/rotate-keys`: POST `{"keep_old": true}` signs with a new key; without the old one, tokens signed with it are orphans.
    """
    behaviours = Behaviours()

    async def misbehave(request: Request) -> Response:
        if request.method == "POST":
            try:
                provider.next_misbehaviour = Misbehaviour((await request.json())["how"])
            except (KeyError, ValueError) as error:
                return JSONResponse({"error": str(error)}, 400)
        if request.method == "DELETE":
            provider.next_misbehaviour = None
        return JSONResponse({"next": provider.next_misbehaviour, "known": list(Misbehaviour)})

    async def rotate_keys(request: Request) -> Response:
        body = await request.json() if await request.body() else {}
        return JSONResponse({"kid": provider.keys.rotate(keep_old=body.get("keep_old", True))})

    return Starlette(
        routes=[
            *provider.routes(),
            STYLE,
            Route(f"{CONTROL}/misbehave", misbehave, methods=["GET", "POST", "DELETE"]),
            Route(f"{CONTROL}/rotate-keys", rotate_keys, methods=["POST"]),
            *behaviours.routes(),
        ],
        middleware=[Middleware(Misbehaving, behaviours=behaviours)],
        exception_handlers={OAuthError: _oauth_error},
    )


async def _oauth_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, OAuthError):
        raise error
    return JSONResponse({"error": error.error, "error_description": error.description}, error.status, NO_STORE)

"""An OpenID provider that plays the broker for Norwegian BankID, Swedish BankID and Danish MitID, with invented people.

For a client of its own it also plays the provider where the staff of a company have their work accounts.
"""

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
from stand_ins.people import personas

__all__ = ["Misbehaviour", "Provider", "Registration", "provider_app", "provider_for"]


def provider_for(issuer: str, *registrations: Registration) -> Provider:
    """A provider at this address, with nobody logged in yet."""
    audiences = (issuer, f"{issuer}/token")
    return Provider(issuer, {known.client_id: Client(known, audiences) for known in registrations})


def provider_app(provider: Provider) -> ASGIApp:
    """The provider with its control door.

    `/_control/misbehave`: POST `{"how": "wrong_nonce"}` spoils the next login, DELETE takes it back, GET lists what can be asked for.
    `/_control/rotate-keys`: POST `{"keep_old": true}` signs with a new key; without the old one, tokens signed with it are orphans.
    `/_control/end-session`: POST `{"persona": "liv"}` ends what she has open and tells the clients, one word for each session;
    with `"at_once": true` one word for all of them, which names only her.
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

    async def end_session(request: Request) -> Response:
        asked = await request.json()
        persona = personas().get(asked.get("persona"))
        if persona is None:
            return JSONResponse({"error": "no such persona"}, 400)
        return JSONResponse({"answers": await provider.end_sessions(persona, at_once=asked.get("at_once", False))})

    return Starlette(
        routes=[
            *provider.routes(),
            STYLE,
            Route(f"{CONTROL}/misbehave", misbehave, methods=["GET", "POST", "DELETE"]),
            Route(f"{CONTROL}/rotate-keys", rotate_keys, methods=["POST"]),
            Route(f"{CONTROL}/end-session", end_session, methods=["POST"]),
            *behaviours.routes(),
        ],
        middleware=[Middleware(Misbehaving, behaviours=behaviours)],
        exception_handlers={OAuthError: _oauth_error},
    )


async def _oauth_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, OAuthError):
        raise error
    return JSONResponse({"error": error.error, "error_description": error.description}, error.status, NO_STORE)

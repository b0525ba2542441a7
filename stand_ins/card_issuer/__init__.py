"""The issuer of ID cards: it has seen the passport, signs what stands in it, and knows whether a card is alive."""

from __future__ import annotations

from datetime import date

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from stand_ins.behaviours import CONTROL, Behaviours, Misbehaving
from stand_ins.card_issuer.issuer import Book, Issuer, State

__all__ = ["Book", "Issuer", "State", "card_issuer_app"]


def card_issuer_app(issuer: Issuer) -> ASGIApp:
    """The issuer with its control door.

    `/_control/cards/{card_id}`: PUT `{"status": "blocked"}` (or `alive`, `expired`, `unknown`) changes how a card is.
    `/_control/cards`: GET says how every card is.
    `/_control/next`: POST `{"expires_on": "2020-01-01", "without": ["portrait"]}` says what the next card will be like.
    `/_control/rotate-keys`: POST `{"keep_old": true}` signs with a new key; without the old one, the old cards are orphans.
    """
    behaviours = Behaviours()

    async def cards(request: Request) -> Response:
        if request.method == "PUT":
            try:
                issuer.book.cards[request.path_params["card_id"]] = State((await request.json())["status"])
            except (KeyError, ValueError) as error:
                return JSONResponse({"error": str(error)}, 400)
            issuer.book.keep()
        return JSONResponse(issuer.book.cards)

    async def next_card(request: Request) -> Response:
        asked = await request.json()
        issuer.next_expires_on = date.fromisoformat(asked["expires_on"]) if "expires_on" in asked else None
        issuer.next_without = tuple(asked.get("without", ()))
        return JSONResponse(asked)

    async def rotate_keys(request: Request) -> Response:
        body = await request.json() if await request.body() else {}
        kid = issuer.book.keys.rotate(keep_old=body.get("keep_old", True))
        issuer.book.keep()
        return JSONResponse({"kid": kid})

    return Starlette(
        routes=[
            *issuer.routes(),
            Route(f"{CONTROL}/cards", cards),
            Route(f"{CONTROL}/cards/{{card_id}}", cards, methods=["PUT"]),
            Route(f"{CONTROL}/next", next_card, methods=["POST"]),
            Route(f"{CONTROL}/rotate-keys", rotate_keys, methods=["POST"]),
            *behaviours.routes(),
        ],
        middleware=[Middleware(Misbehaving, behaviours=behaviours)],
    )

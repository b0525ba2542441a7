"""The API as one application."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from api import checks, discovery, health, holder, merchant, oauth, sandbox
from api.answers import NotStored
from api.check_desk import CheckDesk
from api.counter import Counter
from api.crowds import Crowds
from api.documents import document
from api.floods import Floods
from api.holder_desk import HolderDesk
from api.problems import HANDLERS
from api.sandbox import SandboxDesk
from gateways.cards import CardIssuer
from gateways.observing import Observed

# Routes are tried in this order.
ROUTERS = (checks, merchant, discovery, oauth, holder, sandbox, health)
# What the API answers; everything else is the pages'.
PLACES = ("/v1/", "/oauth2/", "/api/merchant/", "/.well-known/oauth-authorization-server", "/.well-known/receipt-keys.json")


def build_api(counter: Counter) -> FastAPI:
    """Build the API over the counter's parts. Whoever built the parts also closes them."""
    app = FastAPI(
        title="Skranke",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        # Its spans and logs would hold what was asked.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(NotStored, https=counter.public_url.startswith("https://")),
            Middleware(Crowds, public_url=counter.public_url, meters=counter.meters),
            Middleware(Observed, meters=counter.meters, tracer=counter.tracer, for_programs=True),
            Middleware(Floods, public_url=counter.public_url, proxies=counter.proxies),
        ],
    )
    app.state.counter = counter
    issuer = CardIssuer(counter.http, counter.card_issuer, counter.wall_clock)
    app.state.check_desk = CheckDesk.at(counter, issuer)
    app.state.holder_desk = HolderDesk.at(counter, issuer)
    app.state.sandbox_desk = SandboxDesk.at(counter)
    for routes in ROUTERS:
        app.include_router(routes.router)

    @cache
    def written() -> dict[str, Any]:
        return document(app, counter.public_url)

    app.openapi = written  # type: ignore[method-assign]  # FastAPI's own way to another document
    return app

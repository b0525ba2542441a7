"""The portal's pages as one application."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from domain.desk.documents import LARGEST_DOCUMENT, MOST_DOCUMENTS
from gateways.observing import Observed
from web import (
    claiming,
    codec,
    company,
    demo,
    demo_clock,
    demo_letters,
    developers,
    email,
    handing_over,
    health,
    help,  # noqa: A004 - the help pages
    home,
    invitation,
    inviting,
    joining,
    login,
    members,
    objecting,
    ops,
    own,
    problem_pages,
    recovering,
    sandbox,
    saved_replies,
    shops,
    signup,
    signup_answer,
    staff,
    support,
    support_claims,
    support_deciding,
    support_joining,
    support_reversal,
    support_statistics,
    support_task,
    support_views,
    terms,
    usage,
    workplace,
)
from web.codec import ForTemporalsPages
from web.guards import BodyLimit, OwnFormsOnly, SafeHeaders
from web.portal import Portal
from web.problems import HANDLERS, forms_to, refuse_foreign_form

STATIC = Path(__file__).parent / "static"
# Forty thousand of anybody's characters fit into a form.
MOST_BYTES = 1024 * 1024
# As many documents as may come with an answer, and what stands around them.
MOST_BYTES_WITH_DOCUMENTS = MOST_DOCUMENTS * LARGEST_DOCUMENT + MOST_BYTES
PAGES = (
    *(home, own, login, terms, email, workplace, signup, signup_answer, help, developers, problem_pages, invitation, joining),
    *(claiming, recovering, handing_over, objecting, company, members, inviting, shops, usage, sandbox),
    *(staff, support, support_statistics, saved_replies, support_task, support_deciding, support_reversal),
    *(support_joining, support_claims, support_views, ops, codec, demo, demo_clock, demo_letters, health),
)


def build_app(portal: Portal) -> FastAPI:
    """Build the pages over the portal's parts. Whoever built the parts also closes them."""
    app = FastAPI(
        title="Skranke",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # Its spans and logs would hold addresses, which hold secrets and what people search for.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(SafeHeaders, https=portal.is_https, forms_to=forms_to(portal)),
            Middleware(Observed, meters=portal.meters, tracer=portal.tracer),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
            Middleware(ForTemporalsPages, origin=portal.temporal_ui),
            Middleware(
                OwnFormsOnly,
                own_host=urlsplit(portal.public_url).netloc,
                refuse=refuse_foreign_form,
                friends={codec.PLACE: portal.temporal_ui} if portal.temporal_ui else {},
            ),
            Middleware(BodyLimit, most_bytes=MOST_BYTES, larger={signup_answer.PLACE: MOST_BYTES_WITH_DOCUMENTS}),
        ],
    )
    app.state.portal = portal
    for pages in PAGES:
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app

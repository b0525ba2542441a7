"""The newcomer's tour, where the portal runs as a demo."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from starlette.responses import Response

from domain.languages import Language
from web.access import Public
from web.pages import page

router = APIRouter()


class TourPersona(BaseModel):
    """Somebody to be: what there is to know of them, by language. Staff have a work account in place of an eID."""

    id: str
    name: str
    eid: str
    about: dict[Language, str]


class TourProgram(BaseModel):
    """A company's program, with what it logs in with: nobody's secret, since the demo made it for everybody to try."""

    company: str
    client_id: str
    client_secret: str
    sandbox: bool
    purposes: list[str]
    terminals: list[str]


class Tour(BaseModel):
    """What the demo has started, and where."""

    mailbox_url: str | None = None
    temporal_url: str | None = None
    brreg_url: str | None = None
    eid_url: str | None = None
    phone_url: str | None = None
    till_url: str | None = None
    programs: list[TourProgram] = []
    metrics_urls: list[str] = []
    personas: list[TourPersona] = []
    staff: list[TourPersona] = []


@router.get("/demo")
async def tour(visitor: Public) -> Response:
    """Show what there is to see and to try."""
    written = visitor.portal.demo_tour
    if written is None or not written.is_file():
        raise HTTPException(404)
    return page(
        visitor,
        "demo.html",
        tour=Tour.model_validate_json(written.read_bytes()),
        moves_time=visitor.portal.demo_time is not None,
        api=visitor.portal.public_url,
    )

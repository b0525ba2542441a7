"""The few pages that stand-ins show: plain HTML without scripts, and nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

TEMPLATES = Path(__file__).parent / "templates"
NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; frame-ancestors 'none';"
PAGES = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(template: str, *, status: int = 200, forms_to: Iterable[str] = (), **facts: Any) -> Response:  # noqa: ANN401 - what a template shows
    """A page from the templates folder. `forms_to` are the other sites that its forms may lead to in the end."""
    policy = " ".join([NOTHING_FROM_ELSEWHERE, "form-action 'self'", *forms_to])
    headers = {"content-security-policy": policy, "referrer-policy": "no-referrer", "cache-control": "no-store"}
    return HTMLResponse(PAGES.get_template(template).render(**facts), status, headers)


async def _style(_: Request) -> Response:
    return FileResponse(TEMPLATES / "style.css", media_type="text/css")


STYLE = Route("/style.css", _style)

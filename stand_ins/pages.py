"""The few pages that stand-ins show: plain HTML that works without scripts, and nothing from anywhere else."""

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
# For pages that do something by themselves: their scripts are files of ours, and speak to us alone.
OUR_SCRIPTS = "script-src 'self'; connect-src 'self';"
PAGES = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(
    template: str,
    *,
    status: int = 200,
    forms_to: Iterable[str] = (),
    live: bool = False,
    **facts: Any,  # noqa: ANN401 - what a template shows
) -> Response:
    """A page from the templates folder. `forms_to` are the other sites that its forms may lead to in the end; `live` ones run scripts."""
    policy = " ".join([NOTHING_FROM_ELSEWHERE, *([OUR_SCRIPTS] if live else []), "form-action 'self'", *forms_to])
    headers = {"content-security-policy": policy, "referrer-policy": "no-referrer", "cache-control": "no-store"}
    return HTMLResponse(PAGES.get_template(template).render(**facts), status, headers)


def file(name: str) -> Route:
    """A style sheet or script beside the templates, at its own name."""

    async def answer(_: Request) -> Response:
        return FileResponse(TEMPLATES / name)

    return Route(f"/{name}", answer)


STYLE = file("style.css")

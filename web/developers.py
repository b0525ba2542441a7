"""The guide for whoever writes a till: from nothing to the first check, and a page to try a scanner on."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, HTTPException
from starlette.responses import PlainTextResponse, Response

from domain.cards.scanner_test import TEST_TEXT, ScannerVerdict, examine
from web.access import Machine, Public
from web.developer_texts import FIELDS, PROGRAMS, TEST_PERSONS, data_sets, refusals_of_a_check, snippet
from web.pages import page
from web.visitor import Visitor

NOT_FOUND = 404
QUIET_ZONE = 4
# Longer than anything that a scanner types.
LONGEST_SCAN = 4096

router = APIRouter()


@router.get("/developers")
async def guide(visitor: Public) -> Response:
    """The guide, to be followed by copying and pasting."""
    return page(
        visitor,
        "developers.html",
        api=visitor.portal.public_url,
        snippet=snippet,
        fields=FIELDS,
        persons=TEST_PERSONS,
        refusals=refusals_of_a_check(),
        my_sandbox=_my_sandbox(visitor),
    )


@router.get("/developers/visleg")
async def published_contract(visitor: Public) -> Response:
    """For tills that were built to Stø's published contract: what stays as it is, and what to set up."""
    return page(visitor, "developers_visleg.html", api=visitor.portal.public_url, snippet=snippet, data_sets=data_sets())


@router.get("/developers/files/{name}", dependencies=[Machine])
async def program(name: str) -> Response:
    """One of the guide's programs as a file, for whoever would rather fetch than copy."""
    if name not in PROGRAMS:
        raise HTTPException(NOT_FOUND)
    return PlainTextResponse(snippet(name) + "\n")


@router.get("/developers/scanner")
async def scanner(visitor: Public) -> Response:
    """A code to try a scanner on."""
    return _scanner(visitor, None)


@router.post("/developers/scanner")
async def scanned(visitor: Public, typed: Annotated[str, Form()] = "") -> Response:
    """Say what the scanner and the keyboard made of the code. Nothing of it is kept."""
    return _scanner(visitor, examine(typed[:LONGEST_SCAN]))


def _scanner(visitor: Visitor, verdict: ScannerVerdict | None) -> Response:
    code = segno.make(TEST_TEXT, error="m", micro=False, boost_error=False)
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix_iter(border=QUIET_ZONE)) for x, is_dark in enumerate(row) if is_dark]
    side = code.symbol_size(border=QUIET_ZONE)[0]
    return page(visitor, "developers_scanner.html", verdict=verdict, text=TEST_TEXT, picture="".join(dark), side=side)


def _my_sandbox(visitor: Visitor) -> str | None:
    """Where the one logged in gets what a program logs in with; None for whoever has no company here."""
    place = visitor.my_place
    return f"{place}/sandbox" if place and place.startswith("/company/") else None

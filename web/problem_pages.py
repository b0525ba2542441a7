"""What the API's error codes mean: the pages that its answers lead to."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from web.access import Public
from web.pages import page
from web.problem_texts import EXPLANATIONS

router = APIRouter()


@router.get("/problems")
async def problems(visitor: Public) -> Response:
    """Every code, for whoever writes a program against the API."""
    return page(visitor, "problems.html", explanations=tuple(EXPLANATIONS.values()))


@router.get("/problems/{code}")
async def problem(visitor: Public, code: str) -> Response:
    """One code at the address that answers name as their type."""
    if code not in EXPLANATIONS:
        raise HTTPException(404)
    return page(visitor, "problem.html", explanation=EXPLANATIONS[code])

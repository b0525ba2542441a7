"""Where a program finds everything else, and the keys that it checks receipts with."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.counter import counter_of

router = APIRouter()


@router.get("/.well-known/receipt-keys.json", summary="Keys to check receipts with")
async def receipt_keys(request: Request) -> Response:
    """Every public key that a receipt may have been signed with, today's first."""
    return JSONResponse(counter_of(request).receipt_keys.published())

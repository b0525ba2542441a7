"""What machines ask to know whether we are well."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.access import Machine
from web.portal import portal_of

router = APIRouter()

PATIENCE_SECONDS = 2

_log = logging.getLogger(__name__)


@router.get("/healthz", dependencies=[Machine])
async def alive() -> Response:
    """Tell that this process answers."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz", dependencies=[Machine])
async def ready(request: Request) -> Response:
    """Tell whether pages can be served: not without the database, and with names when something else is missing."""
    portal = portal_of(request)
    if not await _database_answers(portal.engine):
        return JSONResponse({"status": "unavailable", "missing": ["database"]}, 503)
    missing = [upstream.name for upstream in await portal.upstreams.look() if not upstream.is_up]
    return JSONResponse({"status": "degraded" if missing else "ready", "missing": missing})


async def _database_answers(engine: AsyncEngine) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), engine.connect() as connection:
            await connection.execute(text("select 1"))
    except (SQLAlchemyError, OSError) as error:
        _log.warning("the database does not answer: %s", type(error).__name__)
        return False
    return True

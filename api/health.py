"""What machines ask to know whether the API is well, where it is served without the pages, which have the same addresses."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from fastapi import APIRouter
from psycopg import Error as DatabaseError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.counter import counter_of

PATIENCE = timedelta(seconds=2)

router = APIRouter(include_in_schema=False)

_log = logging.getLogger(__name__)


@router.get("/healthz")
async def alive() -> Response:
    """Tell that this process answers."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Tell whether cards can be checked: not without the database, and without nothing else."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()), counter_of(request).pool.connection() as connection:
            await connection.execute("select 1")
    except (DatabaseError, TimeoutError) as error:
        _log.warning("the database does not answer: %s", type(error).__name__)
        return JSONResponse({"status": "unavailable", "missing": ["database"]}, 503)
    return JSONResponse({"status": "ready", "missing": []})

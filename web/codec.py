"""Opens sealed payloads for Temporal's own pages, for operators only, by Temporal's protocol for remote codecs.

Temporal's pages run in the operator's browser and send payloads here together with the operator's own session, so who looks is known.
https://docs.temporal.io/production-deployment/data-encryption
"""

from __future__ import annotations

import logging

from fastapi import APIRouter
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from temporalio.api.common.v1 import Payloads

from gateways.temporal import UnreadablePayload
from web.access import OperatorsTool
from web.visitor import Colleague

PLACE = "/ops/codec/"
BAD_REQUEST, NOT_FOUND, NO_CONTENT, FORBIDDEN = 400, 404, 204, 403
# Temporal's pages may also send a token of their own; it is not looked at.
MAY_BE_SENT = "content-type, x-namespace, authorization"
AN_HOUR = "3600"
router = APIRouter(prefix=PLACE.rstrip("/"))

_log = logging.getLogger(__name__)


@router.post("/decode")
async def decode(operator: OperatorsTool) -> Response:
    """Open payloads."""
    return await _changed(operator, "decode")


@router.post("/encode")
async def encode(operator: OperatorsTool) -> Response:
    """Seal payloads, for whoever starts or signals something from Temporal's pages."""
    return await _changed(operator, "encode")


async def _changed(operator: Colleague, way: str) -> Response:
    client, request = operator.portal.processes.client, operator.request
    codec, namespace = client.data_converter.payload_codec, request.headers.get("x-namespace", "")
    if codec is None or namespace != client.namespace:
        return JSONResponse({"message": "this is not a namespace of ours"}, NOT_FOUND)
    try:
        brought = ParseDict(await request.json(), Payloads(), ignore_unknown_fields=True).payloads
        changed = await (codec.decode if way == "decode" else codec.encode)(brought)
    except (ParseError, ValueError):
        return JSONResponse({"message": "these are no payloads"}, BAD_REQUEST)
    except UnreadablePayload:
        return JSONResponse({"message": "sealed with a key that is not here any more"}, BAD_REQUEST)
    operator.portal.meters.payloads(way, len(changed))
    told = {"action": way, "staff": str(operator.staff.id), "payloads": len(changed), "namespace": namespace}
    _log.info("payloads shown to an operator", extra=told)
    return JSONResponse(MessageToDict(Payloads(payloads=changed)) or {"payloads": []})


class ForTemporalsPages:
    """Lets Temporal's own pages, at one origin, call the codec across origins with the operator's cookie; nobody else may."""

    def __init__(self, app: ASGIApp, *, origin: str | None) -> None:
        """Without an origin nobody may."""
        self._app = app
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the browser's question whether the call is allowed, and tell it so on the answer as well."""
        if scope["type"] != "http" or not scope["path"].startswith(PLACE):
            await self._app(scope, receive, send)
            return
        is_known = self._origin is not None and Headers(scope=scope).get("origin") == self._origin
        if scope["method"] == "OPTIONS":
            await Response(status_code=NO_CONTENT if is_known else FORBIDDEN, headers=self._allowed(known=is_known))(scope, receive, send)
            return

        async def allowing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._allowed(known=is_known))
            await send(message)

        await self._app(scope, receive, allowing)

    def _allowed(self, *, known: bool) -> dict[str, str]:
        if not known or self._origin is None:
            return {"Vary": "Origin"}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": self._origin,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": MAY_BE_SENT,
            "Access-Control-Max-Age": AN_HOUR,
        }

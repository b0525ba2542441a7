"""The till's side: a check, its receipt, and the signed heads of the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.bodies import JSON, StrictRoute, read_strictly
from api.callers import BEARER, Caller, TokenHash
from api.check_desk import check_desk_of
from api.check_document import CHECK_DOCUMENT, HEADS_DOCUMENT, RECEIPT_DOCUMENT
from api.checking import Scan, check, idempotency_hash, read_scan, receipt_of
from api.counter import counter_of
from api.problems import problem
from api.quotas import come_again, quota_headers
from domain.cards.purposes import PURPOSES
from domain.cards.refusals import CheckRefusal, Unauthorized
from domain.requests import NothingHere

LONGEST_SCAN, LONGEST_KEY = 4096, 255
VISIBLE = r"^[\x21-\x7e]+$"

router = APIRouter(tags=["Checks"], route_class=StrictRoute)

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=VISIBLE,
        description="A new one for every scan, such as a UUID. The same request with the same key gets the same answer for 10 seconds.",
    ),
]
KEY: TypeAdapter[str | None] = TypeAdapter(Annotated[str | None, Field(min_length=1, max_length=LONGEST_KEY, pattern=VISIBLE)])


class TerminalNamed(BaseModel):
    """Where the code was scanned."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    id: Annotated[str, Field(min_length=1, max_length=64, description="The terminal's code, as the company has registered it.")]
    shop_name: Annotated[
        str | None,
        Field(min_length=1, max_length=100, description="What the holder sees instead of the place's name, if the agreement says so."),
    ] = None
    gln: Annotated[
        str | None, Field(pattern=r"^[0-9]{13}$", description="The place's global location number; it must be the terminal's.")
    ] = None


class CheckWanted(BaseModel):
    """What a till wants to know of whom."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    qr: Annotated[str, Field(max_length=LONGEST_SCAN, repr=False, description="Everything that the scanner read, as it read it.")]
    purpose: Annotated[str, Field(min_length=1, max_length=64, description="Why the card is checked; one of the agreement's.")]
    terminal: TerminalNamed

    def scan(self, key: str | None) -> Scan:
        """Read what the scanner read."""
        return Scan(
            code=read_scan(self.qr),
            purpose=PURPOSES.get(self.purpose),
            purpose_name=self.purpose,
            terminal=self.terminal.id,
            shop_name=self.terminal.shop_name,
            gln=self.terminal.gln,
            idem_hash=idempotency_hash(self.terminal.id, key),
            body_hash=hashlib.sha256(self.model_dump_json().encode()).digest(),
        )


class QuickRoute(StrictRoute):
    """Takes a good check straight to its handler: finding out what to hand it in general takes FastAPI as long as a statement takes.

    Whatever is wrong with a request is for FastAPI to find, so that every route says it alike.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Make what answers checks."""
        usual = APIRoute.get_route_handler(self)

        async def quickly(request: Request) -> Response:
            read = await read_strictly(request)
            try:
                wanted = CheckWanted.model_validate(read.said)
                key = KEY.validate_python(request.headers.get("idempotency-key"))
            except ValidationError:
                return await usual(read)
            return await do_check(request, await BEARER(request), wanted, key)

        return quickly


async def do_check(request: Request, token: TokenHash, wanted: CheckWanted, idempotency_key: IdempotencyKey = None) -> Response:
    """Check a card for one purpose of the company's agreement, and learn what that purpose needs, nothing else.

    Somebody who is too young is answered with 200 and `false`. No answer but 200 says anything about anybody.
    """
    counter, desk = counter_of(request), check_desk_of(request)
    at, scan = counter.wall_clock.now(), wanted.scan(idempotency_key)
    await desk.ready()
    found = await desk.checks.use(scan.asked(token, at))
    if found is None:
        raise Unauthorized
    quotas = quota_headers(found, at)
    try:
        answer = await check(desk, scan, found)
    except CheckRefusal as refused:
        counter.meters.check(refused.wire_code)
        return problem(counter.public_url, refused, quotas | come_again(refused, at))
    counter.meters.check("ok")
    return Response(answer, headers=quotas, media_type=JSON)


router.add_api_route("/v1/checks", do_check, methods=["POST"], route_class_override=QuickRoute, **CHECK_DOCUMENT)


@router.get("/v1/checks/{check_id}", **RECEIPT_DOCUMENT)
async def read_receipt(request: Request, caller: Caller, check_id: UUID) -> Response:
    """Fetch the receipt of one of the company's own checks again. What the till was told is not kept anywhere."""
    desk = check_desk_of(request)
    logged = await desk.log.find(caller.company, check_id, sandbox=caller.sandbox)
    if logged is None:
        raise NothingHere
    return JSONResponse({"check_id": str(check_id), "receipt": receipt_of(logged, desk.receipt_key)})


@router.get("/v1/check-log/heads", **HEADS_DOCUMENT)
async def read_heads(request: Request, caller: Caller) -> Response:
    """Fetch how far the company's log of each month goes, signed by us. Whoever keeps them can prove what the log held, even against us."""
    heads = await check_desk_of(request).log.heads(caller.company)
    told = [{"month": head.month, "checks": head.sequence, "head": head.signed, "signed_at": head.signed_at.isoformat()} for head in heads]
    return JSONResponse({"heads": told})

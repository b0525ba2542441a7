"""The national ID card's published contract for tills, over the very same check: another dress, and nothing more in it.

What differs is how a till asks. It names a data set by its token's scope where ours names a purpose, and no terminal at all.
`domain.cards.data_sets` and `database.merchant_callers` say how both are found.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.bodies import StrictRoute
from api.callers import TokenHash
from api.check_desk import check_desk_of
from api.checking import Scan, checked, idempotency_hash, read_scan
from api.checks import LONGEST_SCAN, IdempotencyKey
from api.counter import Counter, counter_of
from api.merchant_document import QR_TEST_DOCUMENT, SESSION_DOCUMENT, WORDS
from api.problems import problem
from api.quotas import come_again, quota_headers
from api.sandbox import SandboxCaller, called_for, pictured, sandbox_desk_of
from database.merchant_callers import MerchantCaller, MerchantCallers
from domain.api_access import Scope
from domain.cards.check_log import LoggedCheck
from domain.cards.claims import Claim
from domain.cards.codes import Prefix
from domain.cards.data_sets import data_set_of, purpose_for
from domain.cards.disclosure import Answer
from domain.cards.refusals import CheckRefusal, Unauthorized

# As long as the published test codes live; real ones live as long as all others.
TEST_CODE_LIVES = timedelta(seconds=35)
LONGEST_NAME, LONGEST_GLN = 200, 64
# Some tills send the text without its prefix, as one of the contract's own examples does.
WITHOUT_PREFIX = re.compile(r"[^0-9A-Za-z]?[0-9A-Va-v]{56}")

router = APIRouter(tags=["Stø's contract"], route_class=StrictRoute)


class SessionWanted(BaseModel):
    """A till's request by the published contract. What that contract does not know is ignored, as it always was there."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)

    sessionId: Annotated[  # noqa: N815 - the contract's name
        str,
        Field(
            max_length=LONGEST_SCAN,
            repr=False,
            validation_alias=AliasChoices("sessionId", "SessionId"),
            description="Everything that the scanner read, once the till has seen that it starts with VisLeg.",
        ),
    ]
    shopName: Annotated[  # noqa: N815
        str | None,
        Field(max_length=LONGEST_NAME, description="What the holder sees instead of the place's name; with the scope vis-leg/shop_info."),
    ] = None
    globalLocationNumber: Annotated[  # noqa: N815
        str | None,
        Field(max_length=LONGEST_GLN, description="The place that the check counts to; with the scope vis-leg/shop_info."),
    ] = None

    def scan(self, caller: MerchantCaller, key: str | None) -> Scan:
        """Put it as a request of ours. Raises InsufficientScope unless the token names one data set."""
        scopes = [Scope(scope) for scope in caller.scope.split()]
        data_set, terminal = data_set_of(scopes), caller.terminal or ""
        text = self.sessionId.strip()
        return Scan(
            code=read_scan(Prefix.VISLEG_DASH + text.lstrip("-+") if WITHOUT_PREFIX.fullmatch(text) else self.sessionId),
            purpose=data_set,
            # Where nothing in the agreement covers the data set, the data set is what is not in the agreement.
            purpose_name=purpose_for(data_set, caller.purposes) or data_set.code,
            terminal=terminal,
            shop_name=(self.shopName or "").strip() or None if Scope.SHOP_INFO in scopes else None,
            gln=None,
            idem_hash=idempotency_hash(terminal, key),
            body_hash=hashlib.sha256(f"{data_set.code} {self.model_dump_json()}".encode()).digest(),
        )


@router.post("/api/merchant/session", **SESSION_DOCUMENT)
@router.post("/api/merchant/session/", include_in_schema=False)
async def session(request: Request, token: TokenHash, wanted: SessionWanted, idempotency_key: IdempotencyKey = None) -> Response:
    """Learn about the customer what the token's data set holds, if a purpose of the company's agreement covers it.

    Every field is always there, and empty when the data set does not hold it. `id` is the check's own, by which
    `/v1/checks/{check_id}` gives its receipt. Somebody who is too young is answered with 200 and an age.
    """
    counter = counter_of(request)
    headers: dict[str, str] = {}
    try:
        logged, told = await _checked(request, token, wanted, idempotency_key, headers)
    except CheckRefusal as refused:
        counter.meters.check(refused.wire_code)
        return _refused(counter, refused, headers)
    counter.meters.check("ok")
    return JSONResponse(_dressed(logged, told), headers=headers)


@router.get("/api/merchant/qrtest/{userNumber}", **QR_TEST_DOCUMENT)
async def qr_test(
    request: Request, caller: SandboxCaller, n: Annotated[int, Path(alias="userNumber", description="The test person's number.")]
) -> Response:
    """Let a test person show a code that is good for one session: `qrCode` is a picture (PNG, in base64), `ts` the second it was made."""
    now = counter_of(request).wall_clock.now()
    person = called_for(request, caller, n)
    code = await sandbox_desk_of(request).show(person, person.mode, now, TEST_CODE_LIVES)
    picture = base64.b64encode(pictured(code.text(Prefix.VISLEG_DASH))).decode()
    return JSONResponse({"qrCode": picture, "ttl": int(TEST_CODE_LIVES.total_seconds()), "ts": int(now.timestamp())})


async def _checked(
    request: Request, token: bytes, wanted: SessionWanted, key: str | None, headers: dict[str, str]
) -> tuple[LoggedCheck, Answer]:
    """Do the check. Puts into `headers` how much of the quotas is left, also where the check is refused."""
    counter, desk = counter_of(request), check_desk_of(request)
    at = counter.wall_clock.now()
    caller = await MerchantCallers(counter.pool).find(token, wanted.globalLocationNumber, at)
    if caller is None:
        raise Unauthorized
    scan = wanted.scan(caller, key)
    await desk.ready()
    found = await desk.checks.use(scan.asked(token, at))
    if found is None:
        raise Unauthorized
    headers.update(quota_headers(found, at))
    try:
        return await checked(desk, scan, found)
    except CheckRefusal as refused:
        headers.update(come_again(refused, at))
        raise


def _dressed(logged: LoggedCheck, told: Answer) -> Mapping[str, object]:
    portrait = told.claims.get(Claim.PORTRAIT)
    return {
        "id": str(logged.check_id),
        "firstName": told.claims.get(Claim.GIVEN_NAME, ""),
        "lastName": told.claims.get(Claim.FAMILY_NAME, ""),
        "documentPhoto": portrait["data"] if isinstance(portrait, dict) else "",
        "age": told.claims["age"],
    }


def _refused(counter: Counter, refused: CheckRefusal, headers: Mapping[str, str]) -> Response:
    words = WORDS.get(type(refused))
    return problem(counter.public_url, refused, headers, **({"detail": words} if words else {}))

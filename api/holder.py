"""The holder's side: a phone enrols its card, registers the codes that it shows, hears who scanned them, and reads its log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.base64url import Bytes
from api.bodies import StrictRoute
from api.counter import counter_of
from api.devices import SignedRequest, SigningDevice
from api.ears import TooManyListen
from api.enrolment import LARGEST_CARD, Enrolment, Login, card_of, pseudonym_of
from api.holder_desk import HolderDesk, desk_of
from api.holder_document import BLOCK_DOCUMENT, ENROL_DOCUMENT, EVENTS_DOCUMENT, LOG_DOCUMENT, PRESENT_DOCUMENT
from database.cards import ENTRIES_ON_A_PAGE, Device, NewCode
from domain.cards.ages import oslo_date
from domain.cards.claims import Mode
from domain.cards.jose import thumbprint, to_base64url
from domain.cards.patience import CODE_LIVES
from domain.cards.refusals import CardBlocked, CardExpired, CheckUnavailable, QrUnknown, RateLimited
from domain.holders import CardKnown, CodeRefused, RequestRepeated
from domain.requests import FieldInvalid
from gateways.cards import CardState, IssuerUnavailable

LONGEST_WAIT = timedelta(seconds=25)
ACTIVE, BLOCKED = "active", "blocked"
HASH = "^[0-9a-f]{64}$"
CURSOR = r"^\d{4}-\d{2}-\d{2}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
# A nonce and a tag, and a claim's byte and key for each claim.
AROUND_A_GRANT, GRANTED = 28, 33

router = APIRouter(tags=["The holder's app"], route_class=StrictRoute)


class CardRoute(StrictRoute):
    """A route that takes a whole card, portrait and all."""

    most_bytes = LARGEST_CARD


card_router = APIRouter(tags=["The holder's app"], route_class=CardRoute)


class NewPresentation(BaseModel):
    """A code about to be shown: its reference's hash and the wrapped claim keys."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    ref_hash: Annotated[str, Field(pattern=HASH)]
    wrapped: Annotated[Bytes, Field(repr=False)]
    mode: Annotated[Mode, Field(strict=False)]


@card_router.post("/v1/holder/cards", status_code=201, **ENROL_DOCUMENT)
async def enrol(request: Request, asked: Enrolment) -> Response:
    """Keep a card for its phone. Any other card of the same person dies of it."""
    card = await card_of(request, asked)
    if not await desk_of(request).cards.enrol(card):
        raise CardKnown
    return JSONResponse({"card_id": str(card.card_id), "expires_on": card.expires_on.isoformat()}, 201)


@router.post("/v1/holder/blocks", **BLOCK_DOCUMENT)
async def block(request: Request, asked: Login) -> Response:
    """Block whatever card a person has who has just logged in, wherever that card's phone is."""
    desk, now, signed = desk_of(request), counter_of(request).wall_clock.now(), SignedRequest.of(request)
    key = signed.own_key
    once = await signed.believe(key, request, now)
    if not await desk.cards.use_once(f"key {thumbprint(key)}", once.jti, once.forget_at):
        raise RequestRepeated
    blocked = await desk.cards.block(await pseudonym_of(request, asked.id_token, key))
    return JSONResponse({"blocked": blocked})


@router.post("/v1/presentations", status_code=201, **PRESENT_DOCUMENT)
async def present(request: Request, device: SigningDevice, asked: NewPresentation) -> Response:
    """Make a code good for one check, for half a minute by our clock, if the issuer says that person and card are alive."""
    desk, now = desk_of(request), counter_of(request).wall_clock.now()
    await _alive(desk, device, now)
    # Asking has taken time, and all of the half minute is the holder's.
    now = counter_of(request).wall_clock.now()
    code = NewCode(bytes.fromhex(asked.ref_hash), device.card_id, _wrapped(asked), asked.mode, now + CODE_LIVES)
    if not await desk.cards.register(code, now):
        raise CodeRefused
    answer = {"expires_at": code.expires_at.isoformat(), "valid_for_s": CODE_LIVES.total_seconds()}
    return JSONResponse(answer, 201)


@router.get("/v1/holder/presentations/{ref_hash}/events", **EVENTS_DOCUMENT)
async def events(request: Request, device: SigningDevice, ref_hash: Annotated[str, Path(pattern=HASH)]) -> Response:
    """Answer as soon as a code has been scanned or its time is over; 204 when neither has happened for a while: ask again then."""
    desk, mine = desk_of(request), bytes.fromhex(ref_hash)
    known = (await desk.cards.news([mine])).get(mine)
    if known is None or known.card_id != device.card_id:
        raise QrUnknown
    try:
        news = await desk.ears.news(mine, LONGEST_WAIT)
    except TimeoutError:
        return Response(status_code=204)
    except TooManyListen:
        raise RateLimited from None
    if news is None or news.sealed_entry is None:
        return JSONResponse({"event": "expired"})
    return JSONResponse({"event": "scanned", "sealed": to_base64url(news.sealed_entry)})


@router.get("/v1/holder/log", **LOG_DOCUMENT)
async def log(request: Request, device: SigningDevice, after: Annotated[str | None, Query(pattern=CURSOR)] = None) -> Response:
    """Read who has checked the card, sealed to the holder's key, a hundred entries at a time, the newest day first."""
    # Whoever has blocked a card has lost its phone; one that was only replaced has a holder who may look back.
    if device.status == BLOCKED:
        raise CardBlocked
    entries = await desk_of(request).cards.log(device.mailbox_id, _place(after) if after else None)
    answer: dict[str, object] = {
        "entries": [{"id": str(entry.entry_id), "day": entry.day.isoformat(), "sealed": to_base64url(entry.sealed)} for entry in entries]
    }
    if len(entries) == ENTRIES_ON_A_PAGE:
        answer["next"] = f"/v1/holder/log?after={entries[-1].day.isoformat()}.{entries[-1].entry_id}"
    return JSONResponse(answer)


async def _alive(desk: HolderDesk, device: Device, now: datetime) -> None:
    """Raise CardBlocked, CardExpired or CheckUnavailable unless the card is alive here and at its issuer's."""
    if device.status != ACTIVE:
        raise CardBlocked
    if device.expires_on < oslo_date(now):
        raise CardExpired
    try:
        state = await desk.issuer.state(device.card_id)
    except IssuerUnavailable:
        raise CheckUnavailable from None
    if state is CardState.ALIVE:
        return
    # What is on the screen already must not outlive the answer.
    await desk.cards.withdraw(device.card_id)
    raise CardExpired if state is CardState.EXPIRED else CardBlocked


def _place(after: str) -> tuple[date, UUID]:
    day, _, entry_id = after.partition(".")
    return date.fromisoformat(day), UUID(entry_id)


def _wrapped(asked: NewPresentation) -> bytes:
    """Take what can be a grant of the mode, by its size."""
    if len(asked.wrapped) != AROUND_A_GRANT + GRANTED * len(asked.mode.claims):
        raise FieldInvalid(field="#/wrapped", problem="not of the size of a grant in this mode")
    return asked.wrapped


router.include_router(card_router)

"""Giving an e-mail address and confirming it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from database.addresses import ChallengedAddress, CurrentAddress, address_left, challenged_address, current_address, give_address
from domain.conversations import NobodyIsListening, NotTakenDown
from domain.email_address import EmailAddress
from domain.email_confirmation import LINK_LIVES, CodeHasExpired, parse_code
from domain.ids import AddressId, derived
from domain.refusals import Refusal
from domain.terms import must_accept
from web.access import GoOnThere, LoggedIn
from web.forms import Click, kept_fields
from web.pages import nonce_of, page, see_other
from web.render import render
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

UNPROCESSABLE = 422
LOOK_AGAIN = timedelta(seconds=1)
# A letter that has not been taken or refused by then is on a longer way, and the page is loaded again by hand.
LONGEST_WATCH = timedelta(minutes=2)
router = APIRouter()


@router.get("/email")
async def ask_address(customer: LoggedIn) -> Response:
    """Ask for the address, with the one given before or typed before the session ended."""
    _after_terms(customer)
    kept = await kept_fields(customer.request, "/email")
    return await _ask(customer, kept.get("address"))


@router.post("/email")
async def take_address(customer: LoggedIn, click: Click, address: Annotated[str, Form()] = "") -> Response:
    """Take an address and send the letter that confirms it."""
    _after_terms(customer)
    portal, user = customer.portal, customer.account.user
    try:
        parsed = EmailAddress.parse(address)
    except Refusal as refusal:
        return await _ask(customer, address, refusal)
    # Somebody may go back and correct what they have just sent, with the same click.
    new_id = AddressId(derived(str(click), f"address {parsed.value}"))
    given = await give_address(portal.engine, user, parsed, new_id, portal.clock.now())
    if customer.account.email_confirmed and given != new_id:
        return see_other(customer, customer.my_place or "/")
    left = await address_left(portal.engine, user)
    problem = problem_in(await portal.confirmations.begin(user, given, click, left))
    if isinstance(problem, NotTakenDown):
        return await _ask(customer, address, problem)
    return await _ask_code(customer, problem=problem) if problem else see_other(customer, "/email/code")


@router.get("/email/code")
async def ask_code(customer: LoggedIn, resent: str = "") -> Response:
    """Ask for the code in the letter."""
    return await _ask_code(customer, resent=bool(resent))


@router.get("/email/events", response_class=EventSourceResponse)
async def watch_letter(customer: LoggedIn) -> AsyncIterator[ServerSentEvent]:
    """Tell once what has become of the newest letter: sent, or come back."""
    for _ in range(LONGEST_WATCH // LOOK_AGAIN):
        current = await current_address(customer.portal.engine, customer.account.user)
        if current is None or current.confirmed or _has_news(current):
            break
        await asyncio.sleep(LOOK_AGAIN.total_seconds())
    if current is not None and _has_news(current):
        html = render("email_delivery.html", customer.language, nonce_of(customer.request), **_delivery(current))
        yield ServerSentEvent(raw_data=html)
    yield ServerSentEvent(event="done", raw_data="done")


@router.post("/email/code")
async def take_code(customer: LoggedIn, click: Click, code: Annotated[str, Form()] = "") -> Response:
    """Confirm the address by the code."""
    try:
        digits = parse_code(code)
    except Refusal as refusal:
        return await _ask_code(customer, code=code, problem=refusal)
    problem = problem_in(await customer.portal.confirmations.type_code(customer.account.user, digits, click))
    if problem is None:
        return await _confirmed(customer)
    return await _ask_code(customer, code=code, problem=CodeHasExpired() if isinstance(problem, NobodyIsListening) else problem)


@router.post("/email/resend")
async def send_again(customer: LoggedIn, click: Click) -> Response:
    """Send a new letter in place of the last."""
    current = await current_address(customer.portal.engine, customer.account.user)
    if current is None or current.confirmed:
        return see_other(customer, customer.my_place or "/")
    problem = problem_in(await customer.portal.confirmations.send_again(customer.account.user, current.id, click))
    return await _ask_code(customer, problem=problem) if problem else see_other(customer, "/email/code?resent=1")


@router.get("/email/link/{token}")
async def open_link(customer: LoggedIn, token: str) -> Response:
    """Show what a letter's link is about. Mail scanners open links too, so opening one changes nothing."""
    return await _link_page(customer, token)


@router.post("/email/link/{token}")
async def press_link(customer: LoggedIn, click: Click, token: str) -> Response:
    """Confirm the address by the link."""
    problem = problem_in(await customer.portal.confirmations.press_link(customer.account.user, token, click))
    if problem is None:
        return await _confirmed(customer)
    return await _link_page(customer, token, problem)


def _after_terms(customer: Customer) -> None:
    if must_accept(customer.account.terms_version):
        raise GoOnThere("/terms")


async def _ask(customer: Customer, typed: str | None, problem: Refusal | None = None) -> Response:
    current = await current_address(customer.portal.engine, customer.account.user)
    address = typed if typed is not None else current.address if current else ""
    status = UNPROCESSABLE if problem else 200
    newcomer = await _is_newcomer(customer)
    changing = current is not None
    return page(
        customer, "email.html", status=status, path="/email", address=address, changing=changing, newcomer=newcomer, problem=problem
    )


async def _ask_code(customer: Customer, *, code: str = "", problem: Refusal | None = None, resent: bool = False) -> Response:
    _after_terms(customer)
    current = await current_address(customer.portal.engine, customer.account.user)
    if current is None:
        raise GoOnThere("/email")
    if current.confirmed:
        raise GoOnThere("/workplace" if customer.my_place == "/email/code" else customer.my_place or "/")
    return page(
        customer,
        "email_code.html",
        status=UNPROCESSABLE if problem else 200,
        path="/email/code",
        **_delivery(current),
        on_its_way=not _has_news(current),
        newcomer=await _is_newcomer(customer),
        code=code,
        resent=resent,
        problem=problem,
    )


def _delivery(current: CurrentAddress) -> dict[str, object]:
    return {"address": current.address, "sent_at": current.letter_sent_at, "undeliverable": current.undeliverable}


def _has_news(current: CurrentAddress) -> bool:
    return current.undeliverable or current.letter_sent_at is not None


async def _link_page(customer: Customer, token: str, problem: Refusal | None = None) -> Response:
    portal = customer.portal
    challenge = portal.letter_secrets.challenge_of(token)
    about = await challenged_address(portal.engine, challenge) if challenge else None
    state = _state(about, customer, portal.clock.now())
    address = about.address if about and state != "someone_else" else None
    status = UNPROCESSABLE if problem else 200
    newcomer = await _is_newcomer(customer)
    return page(customer, "email_link.html", status=status, state=state, token=token, address=address, newcomer=newcomer, problem=problem)


def _state(about: ChallengedAddress | None, customer: Customer, now: datetime) -> str:
    if about is None:
        return "unknown"
    if about.user != customer.account.user:
        return "someone_else"
    if about.confirmed:
        return "confirmed"
    if about.replaced:
        return "replaced"
    return "expired" if now - about.issued_at >= LINK_LIVES else "ready"


async def _confirmed(customer: Customer) -> Response:
    """Lead newcomers on to their company, and whoever has changed their address back to where they did."""
    return see_other(customer, "/workplace" if await _is_newcomer(customer) else "/account")


async def _is_newcomer(customer: Customer) -> bool:
    return not await customer.portal.accounts.companies(customer.account.user)

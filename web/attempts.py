"""What logging in is alike for customers and for staff: setting out with a secret, and coming back with it once."""

from __future__ import annotations

from starlette.responses import Response

from database.sessions import Attempt, AttemptProblem
from gateways.openid_client import Departure, Reason
from web.pages import see_other
from web.visitor import Caller, hashed

# What became of a login, as the status of the page that tells it; 400 where nothing is said.
STATUSES: dict[Reason | AttemptProblem, int] = {
    Reason.CANCELLED: 200,
    Reason.UNAVAILABLE: 503,
    Reason.ASSURANCE_TOO_LOW: 403,
    Reason.BIRTH_DATE_MISSING: 403,
}


async def set_out(visitor: Caller, departure: Departure, scheme: str, return_to: str) -> Response:
    """Send a browser to its login, and remember what will have to come back."""
    attempt = Attempt(scheme, departure.nonce, departure.code_verifier, return_to)
    portal = visitor.portal
    await portal.attempts.start(_name_of(visitor, departure.state), visitor.browser, attempt, portal.wall_clock.now())
    return see_other(visitor, departure.url)


async def take_up(visitor: Caller, state: str) -> Attempt:
    """Take up a login that came back, at the door through which it set out. Raises AttemptUnusable."""
    portal = visitor.portal
    return await portal.attempts.finish(_name_of(visitor, state), visitor.browser, portal.wall_clock.now())


def _name_of(visitor: Caller, state: str) -> str:
    return hashed(f"{visitor.door}|{state}")

"""What a client is told of its quotas, in the headers of the IETF's draft on rate limits."""

from __future__ import annotations

from datetime import datetime

from database.checks import Found
from domain.cards.refusals import CheckRefusal, RateLimited

A_MINUTE = 60


def quota_headers(found: Found, at: datetime) -> dict[str, str]:
    """Say how many checks a minute the client and the terminal have, how many are left, and when the next minute begins."""
    quotas = [("client", found.client_quota, found.client_used)]
    if found.terminal_quota is not None and found.terminal_used is not None:
        quotas.append(("terminal", found.terminal_quota, found.terminal_used))
    return {
        "RateLimit-Policy": ", ".join(f'"{name}";q={quota};w={A_MINUTE}' for name, quota, _ in quotas),
        "RateLimit": ", ".join(f'"{name}";r={max(quota - used, 0)};t={_seconds_left(at)}' for name, quota, used in quotas),
    }


def come_again(refusal: CheckRefusal, at: datetime) -> dict[str, str]:
    """Say when it is worth trying again, if a quota was the reason."""
    return {"Retry-After": str(_seconds_left(at))} if isinstance(refusal, RateLimited) else {}


def _seconds_left(at: datetime) -> int:
    """At least 1, so that whoever waits so long does not come too early."""
    return A_MINUTE - at.second

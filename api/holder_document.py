"""What the API's documentation says of how the holder's app is refused."""

from __future__ import annotations

from typing import Any

from api.documents import UNREADABLE, refusals
from domain.cards.refusals import CardBlocked, CardExpired, CheckUnavailable, QrUnknown, RateLimited
from domain.holders import CardKnown, CardNotBelieved, CodeRefused, DeviceUnauthorized, LoginNotBelieved, RequestRepeated
from domain.requests import ParameterInvalid

Responses = dict[int | str, dict[str, Any]]

_SIGNED = (DeviceUnauthorized, RateLimited, CheckUnavailable)
_LOGGED_IN = (*UNREADABLE, LoginNotBelieved, RequestRepeated)

ENROL_REFUSED: Responses = refusals(*_SIGNED, *_LOGGED_IN, CardNotBelieved, CardExpired, CardKnown)
BLOCK_REFUSED: Responses = refusals(*_SIGNED, *_LOGGED_IN)
PRESENT_REFUSED: Responses = refusals(*_SIGNED, *UNREADABLE, RequestRepeated, CardBlocked, CardExpired, CodeRefused)
EVENTS_REFUSED: Responses = refusals(*_SIGNED, ParameterInvalid, QrUnknown) | {204: {"description": "Nothing yet; ask again"}}
LOG_REFUSED: Responses = refusals(*_SIGNED, ParameterInvalid, CardBlocked)

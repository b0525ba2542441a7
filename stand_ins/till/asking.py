"""What a till says to the card check, written as a till's maker would from the documentation.

Whatever goes wrong, whoever's fault it is, the answer is "not verified".
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from stand_ins.till.shops import Shop
from stand_ins.till.words import NO_ANSWER

PATIENCE = 5.0
# The same key a second time gets the same answer, so asking again costs the customer nothing.
TRIES = 2
BEFORE_ASKING_AGAIN = 0.3
UNAUTHORIZED, OK, CREATED, SERVER_FAULT = 401, 200, 201, 500
RENEW_BEFORE = 30.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the check told: whether the customer is old enough where that was asked, and whatever else the purpose lets a till know."""

    check_id: str
    match_code: str
    display_for_s: int
    old_enough: bool | None
    age: int | None
    facts: Mapping[str, str]
    portrait: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotVerified:
    """Nothing is known of the customer; `words` say in the cashier's languages what to do now."""

    words: Mapping[str, str]
    code: str = "no_answer"


Answer = Told | NotVerified


@dataclass(slots=True)
class CardCheck:
    """The card check as one till sees it. Tokens are kept until shortly before they end."""

    http: httpx2.AsyncClient
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    async def check(self, shop: Shop, scanned: str, purpose: str, visit: str) -> Answer:
        """Ask what may be known of whoever showed this code. The same visit and code is the same question, however often it is asked."""
        body = {"qr": scanned, "purpose": purpose, "terminal": {"id": shop.terminal}}
        key = hashlib.sha256(f"{visit} {purpose} {scanned}".encode()).hexdigest()[:32]
        try:
            return _understood(await self._asked(shop, "/v1/checks", body, {"idempotency-key": key}))
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            return NotVerified(NO_ANSWER)

    async def test_persons(self, shop: Shop) -> Sequence[Mapping[str, Any]]:
        """List the people of the sandbox; none when it does not answer."""
        try:
            answer = await self.http.get("/v1/sandbox/persons", headers=await self._authorization(shop))
            return list(answer.raise_for_status().json()["persons"])
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            return []

    async def test_code(self, shop: Shop, person: str, mode: str) -> str:
        """Let a test person show a code; empty when there is none to be had."""
        query = f"?mode={mode}" if mode else ""
        try:
            answer = await self._asked(shop, f"/v1/sandbox/persons/{person}/presentations{query}", {}, {})
            return str(answer.raise_for_status().json()["qr"])
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            return ""

    async def _asked(self, shop: Shop, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> httpx2.Response:
        for attempt in range(1, TRIES + 1):
            try:
                answer = await self.http.post(path, json=body, headers={**headers, **await self._authorization(shop)})
            except httpx2.TransportError:
                if attempt == TRIES:
                    raise
            else:
                if attempt == TRIES or (answer.status_code != UNAUTHORIZED and answer.status_code < SERVER_FAULT):
                    return answer
                self._tokens.pop(shop.client_id, None)
            await asyncio.sleep(BEFORE_ASKING_AGAIN)
        raise ValueError("was not asked")

    async def _authorization(self, shop: Shop) -> Mapping[str, str]:
        token, until = self._tokens.get(shop.client_id, ("", 0.0))
        if until <= time.monotonic():
            answer = await self.http.post(
                "/oauth2/token", data={"grant_type": "client_credentials"}, auth=(shop.client_id, shop.client_secret)
            )
            granted = answer.raise_for_status().json()
            token = str(granted["access_token"])
            self._tokens[shop.client_id] = (token, time.monotonic() + float(granted["expires_in"]) - RENEW_BEFORE)
        return {"authorization": f"Bearer {token}"}


def _understood(answer: httpx2.Response) -> Answer:
    """Read an answer; what is not wholly as documented is no answer. Raises ValueError, KeyError or TypeError."""
    told = answer.json()
    if answer.status_code not in {OK, CREATED}:
        words = told.get("till_text") or NO_ANSWER
        return NotVerified({language: str(words[language]) for language in ("nb", "en")}, str(told["code"]))
    if told["result"] != "ok":
        return NotVerified(NO_ANSWER)
    claims = dict(told["claims"])
    ages = {name: claims.pop(name) for name in list(claims) if name.startswith("age_over_")}
    if not all(isinstance(over, bool) for over in ages.values()):
        raise TypeError("whether somebody is old enough is yes or no")
    portrait = claims.pop("portrait", None)
    return Told(
        check_id=str(told["check_id"]),
        match_code=str(told["match_code"]),
        display_for_s=int(told["display_for_s"]),
        old_enough=all(ages.values()) if ages else None,
        age=max((int(name.removeprefix("age_over_")) for name in ages), default=None),
        facts={name: str(value) for name, value in claims.items()},
        portrait=_picture(portrait) if portrait else None,
    )


def _picture(portrait: Mapping[str, str]) -> str:
    if portrait["type"] not in {"image/jpeg", "image/webp"}:
        raise ValueError("no picture that a browser shows")
    base64.b64decode(portrait["data"], validate=True)
    return f"data:{portrait['type']};base64,{portrait['data']}"

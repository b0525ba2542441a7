"""A till in a shop, for the tests: it scans codes and asks for checks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from api.counter import Counter
from domain.cards.codes import CardCode
from tests.api.cardholders import Holder
from tests.api.counting import SetClock
from tests.api.merchants import Merchant, all_of

TOO_MANY_OTHERS = 503
NOTHING_ELSE: Mapping[str, str] = {}
PURPOSES = ("alcohol_20", "parcel_pickup", "pharmacy_pickup", "venue_entry_18")


@dataclass(slots=True)
class Till:
    """A till with everything around it."""

    http: httpx2.AsyncClient
    counter: Counter
    clock: SetClock
    merchant: Merchant
    holder: Holder
    purposes: Sequence[str] = field(default=PURPOSES)

    async def show(self, **shown: Any) -> CardCode:  # noqa: ANN401 - whatever `Holder.show` takes
        """Let the customer show a code."""
        return await self.holder.show(self.clock.now(), **shown)

    async def ask(
        self,
        code: CardCode | str,
        purpose: str = "alcohol_20",
        *,
        key: str | None = None,
        merchant: Merchant | None = None,
        terminal: Mapping[str, str] = NOTHING_ELSE,
    ) -> httpx2.Response:
        """Ask for a check of what was scanned."""
        who = merchant or self.merchant
        body = {"qr": code if isinstance(code, str) else code.text(), "purpose": purpose, "terminal": {"id": who.till, **terminal}}
        headers = who.headers | ({"Idempotency-Key": key} if key else {})
        return await self.http.post("/v1/checks", json=body, headers=headers)

    async def ask_until_let_in(self, code: CardCode, *, key: str) -> httpx2.Response:
        """Ask, and come back as long as too many others ask."""
        while (answer := await self.ask(code, key=key)).status_code == TOO_MANY_OTHERS:  # noqa: ASYNC110 - that is how tills do it
            await asyncio.sleep(0.05)
        return answer

    async def logged(self) -> Sequence[tuple[object, ...]]:
        """What the log holds: purpose, outcome and released names, oldest first."""
        return await all_of(self.counter.pool, "select purpose, outcome, released from check_log order by at, check_id")

    async def is_unspent(self, code: CardCode) -> bool:
        """Tell whether a code is still good for a check."""
        ((used_at,),) = await all_of(self.counter.pool, "select used_at from presentation where ref_hash = %s", code.reference_hash)
        return used_at is None

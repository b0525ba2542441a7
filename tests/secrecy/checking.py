"""A day in many shops: every test person and some people with cards are checked, for everything, well and badly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice, product
from typing import Any
from uuid import uuid4

from api.sandbox_persons import PERSONS
from domain.cards.claims import Mode
from domain.cards.codes import CardCode, read_code
from domain.cards.purposes import PURPOSES
from gateways.clock import SystemClock
from stand_ins.phone.idk1 import Mode as PhonesMode
from tests.api.merchants import NUMBERS, Merchant, all_of, open_shop
from tests.secrecy.house import House

# As many codes as one sandbox client gets in a minute, and some less.
CODES_OF_ONE = 90
AT_ONCE = 8
HOLDERS = ("ingrid", "mari", "per")
SESSION_SCOPE = "vis-leg/identity_full vis-leg/shop_info"


@dataclass
class Day:
    """Who was checked, with which codes, and what was answered."""

    house: House
    checks: int
    codes: list[CardCode] = field(default_factory=list)
    statuses: set[tuple[int, str]] = field(default_factory=set)
    told: bytearray = field(default_factory=bytearray)

    async def pass_by(self) -> None:
        """Live through it."""
        shop = Merchant(number=NUMBERS[1])
        await open_shop(self.house.pool, shop, list(PURPOSES), checks_a_minute=1_000_000)
        testers = [Merchant() for _ in range(self.checks // CODES_OF_ONE + 1)]
        testers = [replace(tester, terminal_id=testers[0].terminal_id, place_id=testers[0].place_id) for tester in testers]
        for tester in testers:
            await open_shop(self.house.pool, tester, list(PURPOSES), sandbox=True, checks_a_minute=1_000_000)
        await all_of(self.house.pool, "update terminal set checks_a_minute = 1000000 returning id")
        await all_of(
            self.house.pool,
            "update access_token set scope = %s, expires_at = %s returning 1",
            SESSION_SCOPE,
            SystemClock().now() + timedelta(hours=1),
        )
        waiting = iter([(testers[nth // CODES_OF_ONE], *turn) for nth, turn in enumerate(self.turns())])

        async def till() -> None:
            for turn in waiting:
                await self.check_a_test_person(*turn)

        await asyncio.gather(*(till() for _ in range(AT_ONCE)))
        for persona in HOLDERS:
            await self.check_somebody(persona, shop)

    def turns(self) -> Iterator[tuple[int, Mode, str, int]]:
        """Whom to check, what they show, what for, and as the how manieth; all purposes and modes come up for all persons."""
        purposes = list(PURPOSES)
        for nth, (person, mode) in enumerate(islice(product_for_ever(), self.checks)):
            yield person, mode, purposes[nth % len(purposes)], nth

    async def check_a_test_person(self, tester: Merchant, person: int, mode: Mode, purpose: str, nth: int) -> None:
        """Let a test person show a code, and check it; now and then it is done badly."""
        shown = await self.house.http.post(
            f"{self.house.portal}/v1/sandbox/persons/{person}/presentations?mode={mode.value}", headers=tester.headers
        )
        assert shown.status_code == 201, shown.text
        await self.scan(shown.json()["qr"], purpose, tester, nth)

    async def show_a_code(self) -> None:
        """Let somebody show a code that nobody scans."""
        phone = self.house.phone()
        await phone.enrol(HOLDERS[0])
        await phone.show()

    async def check_somebody(self, persona: str, shop: Merchant) -> None:
        """Let somebody get a card and show codes in every mode."""
        phone = self.house.phone()
        await phone.enrol(persona)
        for nth, (mode, purpose) in enumerate(product(PhonesMode, ("alcohol_20", "parcel_pickup", "pharmacy_pickup", "id_check_full"))):
            await self.scan((await phone.show(mode)).text, purpose, shop, nth)

    async def scan(self, qr: str, purpose: str, shop: Merchant, nth: int) -> None:
        """Ask for a check: by our contract or the published one, once or twice, and sometimes with a text that was read badly."""
        self.codes.append(read_code(qr))
        if nth % 7 == 3:
            await self.ask({"qr": qr[:-1], "purpose": purpose, "terminal": {"id": shop.till}}, shop)
            await self.ask({"qr": qr, "purpose": purpose, "terminal": {"id": qr}}, shop)
        if nth % 11 == 5:
            await self.ask({"sessionId": "VisLeg-" + qr[4:], "globalLocationNumber": shop.gln}, shop, "/api/merchant/session")
            return
        key = {"Idempotency-Key": str(uuid4())}
        for _ in range(1 + (nth % 5 == 0)):
            await self.ask({"qr": qr, "purpose": purpose, "terminal": {"id": shop.till}}, shop, more=key)
        if nth % 13 == 0:
            await self.ask({"qr": qr, "purpose": purpose, "terminal": {"id": shop.till}}, shop)

    async def ask(
        self, body: Mapping[str, Any], shop: Merchant, path: str = "/v1/checks", *, more: Mapping[str, str] | None = None
    ) -> None:
        """Ask, and remember what came."""
        answer = await self.house.http.post(self.house.portal + path, json=body, headers={**shop.headers, **(more or {})})
        self.statuses.add((answer.status_code, answer.json().get("code", "")))
        self.told += answer.content


def product_for_ever() -> Iterator[tuple[int, Mode]]:
    """Every test person in every mode, again and again; whoever is slow is met less often."""
    rounds = 0
    while True:
        for mode, person in product(Mode, PERSONS):
            if person != 15 or rounds % 4 == 0:
                yield person, mode
        rounds += 1

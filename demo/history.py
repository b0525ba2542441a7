"""What the companies' tills have checked before the demo was started for the first time: counts to look at, and of nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from demo.shops import CustomerCompany
from domain.cards.check_log import LoggedCheck, leaf_hash
from domain.cards.ids import PlaceId, TerminalId, new_check_id
from domain.cards.purposes import PURPOSES

DAYS = 28
OPENS_AT, OPEN_FOR = timedelta(hours=7), timedelta(hours=14)
# So many checks on an ordinary day for the purpose that a company asks for most; weekends are busier, later purposes rarer.
MOST = 24
BUSY_DAYS = {4: 1.6, 5: 2.0, 6: 0.4}


def past_checks(company: CustomerCompany, ids: Mapping[str, UUID], today: datetime) -> Iterator[Mapping[str, object]]:
    """Every check of the weeks before today's midnight, as rows of the log. The same day always has the same past.

    `ids` are those of the places by GLN and of the tills by code.
    """
    for days_ago in range(DAYS, 0, -1):
        opening = today - timedelta(days=days_ago) + OPENS_AT
        chance = Random(f"{company.slug} {opening.date()}")  # noqa: S311 - nobody has to be unable to guess it
        for shop in company.shops:
            for rank, purpose in enumerate(company.purposes):
                busy = MOST / (rank + 1) * BUSY_DAYS.get(opening.weekday(), 1.0)
                for _ in range(chance.randint(int(busy / 2), int(busy))):
                    at, till = opening + OPEN_FOR * chance.random(), chance.choice(shop.tills)
                    yield _row(
                        LoggedCheck(
                            check_id=new_check_id(at, chance.randbytes),
                            orgnr=company.number,
                            client=f"{company.slug}-till",
                            place=PlaceId(ids[shop.gln]),
                            terminal=TerminalId(ids[till]),
                            shop=shop.name,
                            till=till,
                            purpose=purpose,
                            outcome="ok",
                            released=[wanted.name for wanted in PURPOSES[purpose].answers],
                            sandbox=False,
                            at=at,
                        )
                    )


def _row(check: LoggedCheck) -> Mapping[str, object]:
    return {
        "check_id": check.check_id,
        "organisation_number": check.orgnr,
        "client_id": check.client,
        "place_id": check.place,
        "terminal_id": check.terminal,
        "shop": check.shop,
        "terminal": check.till,
        "purpose": check.purpose,
        "outcome": check.outcome,
        "released": check.released,
        "sandbox": check.sandbox,
        "at": check.at,
        "leaf_hash": leaf_hash(check),
    }


def ids_of(company: CustomerCompany, namespace: UUID) -> Mapping[str, UUID]:
    """The ids of a company's places and tills, which sowing twice makes alike."""
    names = [name for shop in company.shops for name in (shop.gln, *shop.tills)]
    return {name: uuid5(namespace, f"{company.slug}/{name}") for name in names}

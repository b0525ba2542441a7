"""A company's usage in every situation that changes what the page says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from web.usage import PERIODS, DayCount, view_of

KIOSK, BAR = UUID(int=1), UUID(int=2)
PURPOSES = ("alcohol_18", "alcohol_20", "tobacco_18", "energy_drink_16", "parcel_pickup", "venue_entry_23", "fireworks_18")
DAYS = [date(2026, 11, 22) - timedelta(days=27 - nth) for nth in range(28)]
PLACES = {KIOSK: "Kiosken på kaia", BAR: "Baren <i>ombord</i>"}
BUSY = [
    DayCount(day, place, name, purpose, (nth * 7 + number * 5) % 23 + 1)
    for nth, day in enumerate(DAYS[:-1])
    for place, name in PLACES.items()
    for number, purpose in enumerate(PURPOSES)
]
FRAME = {"profile_id": UUID(int=7), "periods": PERIODS, "period": 28, "place": None}

USAGES: Mapping[str, Mapping[str, object]] = {
    "busy": {**FRAME, "usage": view_of(BUSY, DAYS, None)},
    "one-place": {**FRAME, "usage": view_of(BUSY, DAYS, KIOSK), "place": KIOSK},
    "one-check": {**FRAME, "usage": view_of([DayCount(DAYS[-1], KIOSK, "Kiosken", "alcohol_18", 1)], DAYS[-7:], None), "period": 7},
    "nothing": {**FRAME, "usage": view_of([], DAYS, None)},
}

PROGRAMS = [
    {
        "company": "Viddeby Kiosk AS",
        "client_id": f"viddeby-{kind}",
        "client_secret": "skranke_secret_" + 43 * "x",
        "sandbox": kind == "test",
        "purposes": ["alcohol_18", "tobacco_18"],
        "terminals": ["kasse-1", "kasse-2"],
    }
    for kind in ("till", "test")
]

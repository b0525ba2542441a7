"""What cards, checks and those who check go by."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NewType
from uuid import UUID

CardId = NewType("CardId", UUID)
CheckId = NewType("CheckId", UUID)
PlaceId = NewType("PlaceId", UUID)
TerminalId = NewType("TerminalId", UUID)
ClientId = NewType("ClientId", UUID)

# Given N, so many random bytes. Only tests and the sandbox hand in another source than the system's.
Random = Callable[[int], bytes]


def new_check_id(now: datetime, random: Random = secrets.token_bytes) -> CheckId:
    """Name a check: a UUID of version 7 (RFC 9562), so that ids sort by the millisecond they were made in."""
    milliseconds = int(now.timestamp() * 1000)
    number = (milliseconds << 80) | int.from_bytes(random(10), "big")
    number = number & ~(0xF << 76) | (0x7 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    return CheckId(UUID(int=number))

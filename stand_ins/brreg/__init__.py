"""Brønnøysundregistrene, played with invented companies: units, roles, authority to sign and change feeds."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from stand_ins.behaviours import Behaviours, Misbehaving
from stand_ins.brreg.answers import Refused, no_such_path, refusing
from stand_ins.brreg.authority import Authority
from stand_ins.brreg.control import Control
from stand_ins.brreg.feeds import Feeds
from stand_ins.brreg.overview import Overview
from stand_ins.brreg.register import Register
from stand_ins.brreg.roles import Roles
from stand_ins.brreg.units import Units

__all__ = ["Register", "brreg_app"]


def brreg_app(base: str, register: Register | None = None) -> ASGIApp:
    """The register at this address, as it was on the first day unless it is handed in."""
    register = register or Register.invented()
    behaviours = Behaviours()
    answers = (Units(register, base), Roles(register, base), Authority(register, base), Feeds(register, base))
    parts = (*answers, Control(register, behaviours), Overview(register))
    return Starlette(
        routes=[route for part in parts for route in part.routes()],
        middleware=[Middleware(Misbehaving, behaviours=behaviours)],
        exception_handlers={404: no_such_path, Refused: refusing},
    )

"""Somebody who works here, logged in without the way over the provider, which has tests of its own."""

from __future__ import annotations

from uuid import UUID

from fastapi import FastAPI

from domain.staff import StaffIdentity, StaffRole
from tests.web.browser import Browser
from web.portal import Portal
from web.visitor import hashed, new_cookie_value

OLGA = "Olga Operatør"


async def at_the_staff_door(app: FastAPI, portal: Portal, *roles: StaffRole, name: str = OLGA) -> tuple[Browser, UUID]:
    """Open a browser in which somebody, Olga if nobody is named, is logged in with these roles; tells their id too.

    Whoever opens it closes it.
    """
    now, cookie = portal.wall_clock.now(), new_cookie_value()
    email = f"{name.split(maxsplit=1)[0].lower()}@skranke.example"
    identity = StaffIdentity("http://localhost:1", name, name, email, frozenset(roles), None, now)
    staff = await portal.staff_sessions.begin(hashed(cookie), identity, now, instead_of="")
    browser = Browser(app)
    browser.http.cookies.set("staff", cookie, domain="127.0.0.1", path="/")
    return browser, staff.id

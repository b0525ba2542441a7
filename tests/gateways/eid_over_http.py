"""The eIDs' broker over HTTP, who also is the staff's provider, and clients that are registered with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc.jwk import ECKey
from starlette.types import ASGIApp

from domain.clock import Clock
from gateways.clock import SystemClock
from gateways.eid import Eid
from gateways.http import AsyncClient
from gateways.openid_client import Return
from gateways.staff_login import StaffLogin
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.people import STAFF
from stand_ins.serving import served

HERE = "http://127.0.0.1:8000"
REDIRECT_URI = f"{HERE}/login/callback"
STAFF_REDIRECT_URI = f"{HERE}/staff/callback"
STAFF_CLIENT_ID = "skranke-staff"


@dataclass(frozen=True, slots=True)
class Broker:
    """A provider on a port, and the keys by which it knows its clients."""

    provider: Provider
    key: ECKey
    staff_key: ECKey

    def client(self, http: AsyncClient, clock: Clock | None = None) -> Eid:
        """Our side of it, for customers."""
        key = json.dumps(self.key.as_dict(private=True))
        return Eid(http, clock or SystemClock(), issuer=self.provider.issuer, client_id="skranke", key=key, redirect_uri=REDIRECT_URI)

    def staff_client(self, http: AsyncClient, clock: Clock | None = None) -> StaffLogin:
        """Our side of it, for those who work here."""
        key = json.dumps(self.staff_key.as_dict(private=True))
        known_as = {"client_id": STAFF_CLIENT_ID, "key": key, "redirect_uri": STAFF_REDIRECT_URI}
        return StaffLogin(http, clock or SystemClock(), issuer=self.provider.issuer, **known_as)


@asynccontextmanager
async def broker() -> AsyncIterator[Broker]:
    """A broker for as long as it is wanted."""
    key, staff_key = (ECKey.generate_key("P-256", parameters={"kid": kid}) for kid in ("skranke-1", "staff-1"))
    eids = Registration("skranke", {"keys": [key.as_dict(private=False)]}, (REDIRECT_URI,))
    staff = Registration(STAFF_CLIENT_ID, {"keys": [staff_key.as_dict(private=False)]}, (STAFF_REDIRECT_URI,), (STAFF,))
    made: list[Provider] = []

    def build(issuer: str) -> ASGIApp:
        made.append(provider_for(issuer, eids, staff))
        return provider_app(made[0])

    async with served(build, host="localhost"):
        yield Broker(made[0], key, staff_key)


async def at_the_provider(url: str, **decision: str) -> str:
    """Go to the provider as a browser, decide on its page where it shows one, and say where it sends the browser back to."""
    async with httpx2.AsyncClient() as browser:
        answer = await browser.get(url)
        if not answer.headers["location"].startswith(HERE):
            answer = await browser.post(httpx2.URL(url).join(answer.headers["location"]), data=decision)
    return str(answer.headers["location"])


def brought_back(url: str) -> tuple[str, Return]:
    """The state, and everything else that a browser brings back."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return query["state"], Return(query.get("code"), query.get("error"), query.get("iss"))

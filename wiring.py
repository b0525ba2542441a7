"""How the front door's parts are made: what the pages and the API need from the world, brought together."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from api.counter import Counter, Pool
from api.receipt_keys import ReceiptKeys
from database.connection import build_engine, build_pool
from domain.desk.documents import DocumentSafe
from domain.letter_secrets import LetterSecrets
from gateways.brreg import Brreg
from gateways.clock import DemoClock, SystemClock, clock_of
from gateways.demo_time import DemoTime
from gateways.eid import Eid
from gateways.http import AsyncClient, outbound_client
from gateways.meters import Meters
from gateways.staff_login import StaffLogin
from gateways.temporal import connect
from gateways.tracing import Traces
from gateways.upstreams import Check, Upstreams, speaks_http, speaks_smtp
from settings import ApiSettings, PageSettings
from web.portal import Portal
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.processes import ProcessDesk
from workflows.front_desk.signups import SignupDesk

PROGRAM = "skranke-server"
TEMPORAL_PATIENCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the pages and the API of one process have in common: how they are watched."""

    meters: Meters = field(default_factory=Meters)
    traces: Traces | None = None


def wire(settings: PageSettings, engine: AsyncEngine, http: AsyncClient, temporal: Client, shared: Shared) -> Portal:
    """Bring together what the pages need from the world."""
    wall_clock, secrets = SystemClock(), LetterSecrets(settings.secret_key)
    eid = Eid(
        http,
        wall_clock,
        issuer=settings.eid_issuer,
        client_id=settings.eid_client_id,
        key=settings.eid_client_key,
        redirect_uri=f"{settings.public_url}/login/callback",
    )
    staff_login = StaffLogin(
        http,
        wall_clock,
        issuer=settings.staff_issuer,
        client_id=settings.staff_client_id,
        key=settings.staff_client_key,
        redirect_uri=f"{settings.public_url}/staff/callback",
    )
    return Portal(
        engine=engine,
        clock=clock_of(settings.demo_clock),
        wall_clock=wall_clock,
        eid=eid,
        staff_login=staff_login,
        register=Brreg(http, settings.brreg_url),
        signups=SignupDesk(temporal),
        confirmations=ConfirmationDesk(temporal),
        letter_secrets=secrets,
        public_url=settings.public_url,
        secret_key=settings.secret_key,
        document_safe=DocumentSafe(settings.payload_keys),
        support_email=settings.support_email,
        support_phone=settings.support_phone,
        demo_tour=settings.demo_tour,
        demo_time=DemoTime(DemoClock(settings.demo_clock), temporal) if settings.demo_clock else None,
        upstreams=Upstreams(checks(settings, http, temporal), wall_clock),
        meters=shared.meters,
        tracer=shared.traces.tracer if shared.traces else None,
        temporal_ui=settings.temporal_ui,
    )


def checks(settings: PageSettings, http: AsyncClient, temporal: Client) -> dict[str, Check]:
    """How to see, by name, whether those we depend on besides the database answer."""
    asked: dict[str, Check] = {
        "temporal": partial(temporal.service_client.check_health, timeout=TEMPORAL_PATIENCE),
        "worker": ProcessDesk(temporal).has_worker,
        "register": speaks_http(http, settings.brreg_url),
        "eid": speaks_http(http, f"{settings.eid_issuer}/.well-known/openid-configuration"),
        "staff-login": speaks_http(http, f"{settings.staff_issuer}/.well-known/openid-configuration"),
    }
    if settings.mail_server_address:
        mail_server, _, port = settings.mail_server_address.rpartition(":")
        asked["mail"] = speaks_smtp(mail_server, int(port))
    return asked


def wire_counter(settings: ApiSettings, pool: Pool, http: AsyncClient, shared: Shared) -> Counter:
    """Bring together what the API needs from the world."""
    return Counter(
        pool=pool,
        wall_clock=SystemClock(),
        http=http,
        public_url=settings.public_url,
        receipt_keys=ReceiptKeys.parse(settings.receipt_keys),
        card_issuer=settings.card_issuer,
        eid_issuer=settings.eid_issuer,
        app_client_id=settings.app_client_id,
        pseudonym_key=settings.pseudonym_key,
        sandbox_key=settings.sandbox_key,
        proxies=settings.proxies,
        meters=shared.meters,
        tracer=shared.traces.tracer if shared.traces else None,
    )


async def open_portal(settings: PageSettings, shared: Shared, open_things: AsyncExitStack) -> Portal:
    """Open everything that the pages need from the world. Temporal need not be there yet."""
    engine = build_engine(settings.database_url, program=PROGRAM)
    open_things.push_async_callback(engine.dispose)
    http = await open_things.enter_async_context(outbound_client(settings.support_email))
    temporal = await connect(
        settings.temporal_address,
        settings.temporal_namespace,
        settings.payload_keys,
        lazy=True,
        interceptors=[shared.traces.interceptor] if shared.traces else [],
    )
    return wire(settings, engine, http, temporal, shared)


async def open_counter(settings: ApiSettings, shared: Shared, open_things: AsyncExitStack) -> Counter:
    """Open everything that the API needs from the world. The database need not be there yet."""
    pool = build_pool(settings.database_url, program=PROGRAM)
    await pool.open(wait=False)
    open_things.push_async_callback(pool.close)
    http = await open_things.enter_async_context(outbound_client(settings.support_email))
    return wire_counter(settings, pool, http, shared)

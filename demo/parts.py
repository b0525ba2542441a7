"""What the demo consists of, in the order in which it is brought up."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from demo.keys import Keys
from demo.postgres import Postgres
from demo.processes import Process
from demo.supervisor import Part, program, step
from demo.temporal import NAMESPACE, Temporal
from demo.tour import Addresses, write_tour

DATABASE = "skranke"
CLIENT_ID, STAFF_CLIENT_ID, APP_CLIENT_ID = "skranke", "skranke-staff", "skranke-app"
CALLBACK_PATH, STAFF_CALLBACK_PATH, STAFF_LOGOUT_PATH = "/login/callback", "/staff/callback", "/staff/backchannel-logout"
PREFERRED_PORTS = {
    "portal": 8000,
    "openid_provider": 8010,
    "brreg": 8011,
    "mailbox": 8012,
    "card_issuer": 8013,
    "phone": 8014,
    "till": 8015,
    "smtp": 8025,
    "temporal": 7233,
    "temporal_ui": 8233,
    "postgres": 5433,
    "server_metrics": 9464,
    "worker_metrics": 9465,
}
# Stand-ins that are called something else than their port or their package.
PORTS = {"mail_catcher": "mailbox"}
NAMES = {"mail_catcher": "mailbox", "openid_provider": "OpenID provider", "card_issuer": "card issuer"}
# What is in the passports' chips.
FACES = "api/portraits"
# Where an app on a phone is sent back to.
APP_LOGIN = "example.idcard:/login"
# Who lets Prometheus read, and where.
METRICS = {"server": "server_metrics", "worker": "worker_metrics"}


@dataclass(frozen=True, slots=True)
class House:
    """Where one demo lives: its folder, its ports by name and its secrets."""

    folder: Path
    ports: Mapping[str, int]
    keys: Keys

    @property
    def addresses(self) -> Addresses:
        """Where people find its pages. The OpenID provider is another site than the portal, as it is in production."""
        return Addresses(
            portal=f"http://127.0.0.1:{self.ports['portal']}",
            mailbox=f"http://127.0.0.1:{self.ports['mailbox']}",
            temporal=f"http://127.0.0.1:{self.ports['temporal_ui']}",
            brreg=f"http://127.0.0.1:{self.ports['brreg']}",
            openid_provider=f"http://localhost:{self.ports['openid_provider']}",
            phone=f"http://127.0.0.1:{self.ports['phone']}",
            till=f"http://127.0.0.1:{self.ports['till']}",
            metrics=[f"http://127.0.0.1:{self.ports[name]}/metrics" for name in METRICS.values()],
        )

    @property
    def client_jwks(self) -> Path:
        """The file that tells the OpenID provider our public key."""
        return self.folder / "eid_client_jwks.json"

    @property
    def staff_jwks(self) -> Path:
        """The file that tells the OpenID provider the public key with which we ask for staff."""
        return self.folder / "staff_client_jwks.json"

    @property
    def card_issuer(self) -> str:
        """Where cards are signed."""
        return f"http://127.0.0.1:{self.ports['card_issuer']}"

    @property
    def tills(self) -> Path:
        """The file with every till, and with what it logs in with."""
        return self.folder / "tills.json"

    @property
    def tour(self) -> Path:
        """The file from which the portal makes the newcomer's tour."""
        return self.folder / "tour.json"

    def log(self, name: str) -> Path:
        """Where a program's words are kept."""
        return self.folder / "logs" / f"{name}.log"


def parts_of_the_demo(house: House) -> list[Part]:
    """List everything that `python -m demo` runs."""
    postgres = Postgres(house.folder / "postgres", [DATABASE], port=house.ports["postgres"], log=house.log("postgres"))
    temporal = Temporal(
        house.folder / "temporal.db",
        port=house.ports["temporal"],
        ui_port=house.ports["temporal_ui"],
        log=house.log("temporal"),
        codec=f"{house.addresses.portal}/ops/codec",
    )

    def python(name: str, *words: str) -> Process:
        # The database's password is known only once PostgreSQL has been started for the first time.
        return Process(
            name,
            [sys.executable, *words],
            log=house.log(name.replace(" ", "_")),
            environment=lambda: {**surroundings(house, postgres), **measured(house, name)},
        )

    return [
        Part(postgres.process, postgres.start, postgres.stop),
        Part(temporal.process, temporal.start, temporal.stop),
        *_stand_ins(house, python),
        step(python("migrations", "-m", "alembic", "-c", "database/alembic.ini", "upgrade", "head"), needs=["PostgreSQL"]),
        step(python("seeds", "-m", "demo.seeds", "--tills-file", str(house.tills)), needs=["migrations"]),
        _worker(python("worker", "worker.py"), needs=["migrations", "Temporal"]),
        _portal(house, python("server", "server.py", "--host", "127.0.0.1", "--port", str(house.ports["portal"]))),
    ]


def surroundings(house: House, postgres: Postgres) -> Mapping[str, str]:
    """Tell the programs where everything is, by the environment as in production."""
    return {
        "SKRANKE_DATABASE_URL": postgres.url(DATABASE),
        "SKRANKE_PUBLIC_URL": house.addresses.portal,
        "SKRANKE_TEMPORAL_ADDRESS": f"127.0.0.1:{house.ports['temporal']}",
        "SKRANKE_TEMPORAL_NAMESPACE": NAMESPACE,
        "SKRANKE_PAYLOAD_KEYS": house.keys.payload_keys,
        "SKRANKE_SECRET_KEY": house.keys.secret_key,
        "SKRANKE_BRREG_URL": house.addresses.brreg,
        "SKRANKE_EID_ISSUER": house.addresses.openid_provider,
        "SKRANKE_EID_CLIENT_ID": CLIENT_ID,
        "SKRANKE_EID_CLIENT_KEY": house.keys.eid_client_key,
        "SKRANKE_STAFF_ISSUER": house.addresses.openid_provider,
        "SKRANKE_STAFF_CLIENT_ID": STAFF_CLIENT_ID,
        "SKRANKE_STAFF_CLIENT_KEY": house.keys.staff_client_key,
        "SKRANKE_RECEIPT_KEYS": house.keys.receipt_keys,
        "SKRANKE_CARD_ISSUER": house.card_issuer,
        "SKRANKE_APP_CLIENT_ID": APP_CLIENT_ID,
        "SKRANKE_PSEUDONYM_KEY": house.keys.pseudonym_key,
        "SKRANKE_SANDBOX_KEY": house.keys.sandbox_key,
        "SKRANKE_SMTP_URL": f"smtp://127.0.0.1:{house.ports['smtp']}",
        "SKRANKE_MAIL_FROM": "Skranke <no-reply@skranke.example>",
        "SKRANKE_SUPPORT_EMAIL": "support@skranke.example",
        "SKRANKE_SUPPORT_PHONE": "+47 21 00 00 00",
        "SKRANKE_DEMO_TOUR": str(house.tour),
        "SKRANKE_DEMO_CLOCK": str(house.folder / "clock.json"),
        "SKRANKE_MAIL_SERVER_ADDRESS": f"127.0.0.1:{house.ports['smtp']}",
        "SKRANKE_TEMPORAL_UI": house.addresses.temporal,
    }


def measured(house: House, name: str) -> Mapping[str, str]:
    """Tell a program where it lets Prometheus read, if it is one that does."""
    return {"SKRANKE_METRICS_ADDRESS": f"127.0.0.1:{house.ports[METRICS[name]]}"} if name in METRICS else {}


def _stand_ins(house: House, python: Callable[..., Process]) -> Sequence[Part]:
    eid, app = ["--eid-issuer", house.addresses.openid_provider], ["--app-client-id", APP_CLIENT_ID]
    smtp = ["--smtp-port", str(house.ports["smtp"])]
    words: Mapping[str, Sequence[str]] = {
        "brreg": [],
        "mail_catcher": [*smtp, "--folder", str(house.folder / "letters")],
        "openid_provider": _clients(house),
        "card_issuer": [*eid, *app, "--state-file", str(house.folder / "card_issuer.json"), "--faces", FACES],
        "phone": [
            *eid,
            *app,
            "--portal",
            house.addresses.portal,
            "--card-issuer",
            house.card_issuer,
            "--folder",
            str(house.folder / "phones"),
        ],
        "till": ["--api", house.addresses.portal, "--shops-file", str(house.tills)],
    }
    ports = {name: str(house.ports[PORTS.get(name, name)]) for name in words}
    return [
        _announcing(python(NAMES.get(name, name), "-m", f"stand_ins.{name}", "--port", ports[name], *said)) for name, said in words.items()
    ]


def _clients(house: House) -> Sequence[str]:
    """Register with the OpenID provider: the portal once for customers and once for staff, and the holder's app."""
    portal = house.addresses.portal
    customers = ["--client-id", CLIENT_ID, "--client-jwks-file", str(house.client_jwks), "--redirect-uri", portal + CALLBACK_PATH]
    staff = ["--staff-client-id", STAFF_CLIENT_ID, "--staff-jwks-file", str(house.staff_jwks)]
    their_addresses = ["--staff-redirect-uri", portal + STAFF_CALLBACK_PATH, "--staff-logout-uri", portal + STAFF_LOGOUT_PATH]
    app = ["--app-client-id", APP_CLIENT_ID, "--app-redirect-uri", APP_LOGIN]
    return [*customers, *staff, *their_addresses, *app]


def _announcing(process: Process) -> Part:
    return program(process, process.having_said("ready "))


def _worker(process: Process, needs: Sequence[str]) -> Part:
    return program(process, process.having_said("worker is ready"), needs)


def _portal(house: House, process: Process) -> Part:
    async def start() -> None:
        await write_tour(house.addresses, house.tour, house.tills)
        process.start()
        await process.answering(_found(f"{house.addresses.portal}/readyz"))

    return Part(process, start, process.stop, needs=["migrations", "OpenID provider"])


def _found(url: str) -> Callable[[], Awaitable[bool]]:
    async def answers() -> bool:
        try:
            async with httpx2.AsyncClient(timeout=2) as http:
                return (await http.get(url)).status_code == httpx2.codes.OK
        except httpx2.TransportError:
            return False

    return answers

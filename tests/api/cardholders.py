"""People with cards, for the tests: their cards lie in the database sealed, and they show codes for half a minute."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.counter import Pool
from domain.cards.claims import Claim, Mode, issue
from domain.cards.codes import CardCode, new_code
from domain.cards.holder_log import LogEntry, open_entry
from domain.cards.ids import CardId
from domain.cards.jose import SigningKey, to_jwks
from domain.cards.keys import Grant, claim_key, grant, new_card_key, seal_claim, wrap
from domain.cards.patience import CODE_LIVES
from domain.cards.sealed import pack
from stand_ins.serving import served
from tests.api.merchants import BEGAN, all_of, insert

# As big as a passport's.
PORTRAIT = base64.b64encode(os.urandom(11_000)).decode()
KARI: Mapping[Claim, object] = {
    Claim.GIVEN_NAME: "Kari Synnøve",
    Claim.FAMILY_NAME: "Nordfjell-Øygarden",
    Claim.BIRTHDATE: "1983-04-17",
    Claim.PORTRAIT: {"type": "image/jpeg", "data": PORTRAIT},
    Claim.NATIONAL_ID: "17848312345",
    Claim.DOCUMENT_NUMBER: "HAA04731",
    Claim.DOCUMENT_TYPE: "passport",
}
OLA_AGED_16 = {**KARI, Claim.GIVEN_NAME: "Ola", Claim.BIRTHDATE: "2010-06-01"}


@dataclass(slots=True)
class Holder:
    """Somebody with a card in a phone."""

    pool: Pool
    claims: Mapping[Claim, object] = field(default_factory=lambda: KARI)
    card_id: CardId = field(default_factory=lambda: CardId(uuid4()))
    card_key: bytes = field(default_factory=new_card_key)
    device_key: SigningKey = field(default_factory=SigningKey.generate)
    log_key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    mailbox_id: UUID = field(default_factory=uuid4)

    async def get_card(self, issuer: SigningKey, *, expires_on: date = date(2031, 1, 1), sandbox: bool = False, **changed: object) -> None:
        """Have a card issued and kept; `changed` are columns that somebody has put something else into."""
        issued = issue(
            self.claims,
            issuer=issuer,
            issuer_name="https://issuer.example",
            device_key=self.device_key.public,
            card_id=self.card_id,
            expires_on=expires_on,
        )
        sealed = {
            claim: seal_claim(claim_key(self.card_key, claim), content, claim, self.card_id, 1)
            for claim, content in issued.disclosures.items()
        }
        columns: dict[str, object] = {
            "card_id": self.card_id,
            "holder_pseudonym": os.urandom(32),
            "expires_on": expires_on,
            "status": "active",
            "version": 1,
            "issuer_jws": issued.jws,
            "sealed": pack(sealed),
            "portrait": sealed.get(Claim.PORTRAIT),
            "device_key": os.urandom(65),
            "holder_public_key": self.log_key.public_key().public_bytes_raw(),
            "mailbox_id": self.mailbox_id,
            "sandbox": sandbox,
            "enrolled_at": BEGAN,
        }
        await insert(self.pool, "card", **(columns | changed))

    async def show(self, now: datetime, mode: Mode = Mode.STANDARD, *, granted: Grant | None = None) -> CardCode:
        """Make a code that is good from now on."""
        code = new_code()
        await insert(
            self.pool,
            "presentation",
            ref_hash=code.reference_hash,
            card_id=self.card_id,
            wrapped=wrap(code, granted or grant(self.card_key, mode), self.card_id),
            mode=mode,
            expires_at=now + CODE_LIVES,
        )
        return code

    async def heard(self, code: CardCode) -> LogEntry | None:
        """What the phone hears of a code that somebody has scanned."""
        ((sealed,),) = await all_of(self.pool, "select sealed_entry from presentation where ref_hash = %s", code.reference_hash)
        return open_entry(sealed, self.log_key.private_bytes_raw()) if isinstance(sealed, bytes) else None


@asynccontextmanager
async def issuing(*keys: SigningKey) -> AsyncIterator[str]:
    """An issuer who says on the network which keys it signs with."""

    def site(_: str) -> Starlette:
        return Starlette(routes=[Route("/jwks", lambda _: JSONResponse(to_jwks(keys)))])

    async with served(site) as url:
        yield url

"""The holder's app: enrols a card, makes codes, hears who has scanned one, and reads the holder's own log."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2
from joserfc import jws

from stand_ins.phone.eid import Login
from stand_ins.phone.idk1 import Code, Mode, b64, make_code, open_entry, seal, unb64, version_of
from stand_ins.phone.wallet import Wallet

# A little more than the portal lets an app wait.
PATIENCE_SECONDS = 40
OK, NOTHING_YET = 200, 204


class Refused(Exception):
    """The portal or the issuer said no. `code` is for programs, `detail` for people."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        """Take the answer's status and body."""
        self.status = status
        self.code = str(said.get("code") or said.get("error") or "")
        self.detail = str(said.get("detail", ""))
        super().__init__(f"{status} {self.code}: {self.detail}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A code on the screen."""

    text: str = field(repr=False)
    ref_hash: bytes
    mode: Mode
    expires_at: datetime
    valid_for_s: float


@dataclass(slots=True)
class Phone:
    """One phone with one card, or none yet. Everything that it says to the portal is signed by its device key."""

    http: httpx2.AsyncClient
    portal: str
    card_issuer: str
    login: Login
    wallet: Wallet = field(default_factory=Wallet.new)
    prefix: str = "IDK1"
    clock: Callable[[], float] = time.time

    async def enrol(self, persona: str) -> UUID:
        """Log in with eID, have the issuer sign a card for this phone, and hand it in sealed. An older card dies of it."""
        id_token = await self.login.id_token(self.http, persona, self.wallet.thumbprint)
        issued = await self.issued(id_token)
        return await self.hand_in(id_token, issued)

    async def issued(self, id_token: str) -> Mapping[str, Any]:
        """What the issuer makes of the passport's chip: `card_id`, `issuer_jws`, `disclosures`."""
        asked = {"id_token": id_token, "device_key": self.wallet.public_jwk}
        return _read(await self.http.post(f"{self.card_issuer}/cards", json=asked))

    async def hand_in(self, id_token: str, issued: Mapping[str, Any]) -> UUID:
        """Give the portal the card with every claim sealed, and keep the keys."""
        card_id = UUID(issued["card_id"])
        version = version_of(issued["issuer_jws"])
        sealed = dict(seal(self.wallet.cek, card_id, version, disclosure) for disclosure in issued["disclosures"])
        body = {
            "id_token": id_token,
            "issuer_jws": issued["issuer_jws"],
            "sealed_claims": {name: b64(ciphertext) for name, ciphertext in sealed.items()},
            "holder_public_key": b64(self.wallet.log_key.public_key().public_bytes_raw()),
            "mailbox_id": str(self.wallet.mailbox_id),
        }
        holding = self.wallet.holding(card_id)
        _read(await self.call("POST", "/v1/holder/cards", body, signer=holding))
        self.wallet = holding
        return card_id

    async def show(self, mode: Mode = Mode.STANDARD) -> Shown:
        """Make a code and have it registered; only then may it be shown."""
        code = make_code(self.wallet.cek, self.card_id, mode, self.prefix)
        return await self.register(code, mode)

    async def register(self, code: Code, mode: Mode) -> Shown:
        """Tell the portal what it has to know of a code: not the code itself."""
        body = {"ref_hash": code.ref_hash.hex(), "wrapped": b64(code.wrapped), "mode": mode.name.lower()}
        said = _read(await self.call("POST", "/v1/presentations", body))
        expires_at = datetime.fromisoformat(said["expires_at"])
        return Shown(code.text, code.ref_hash, mode, expires_at, said["valid_for_s"])

    async def hear(self, shown: Shown) -> Mapping[str, Any] | None:
        """Wait until somebody scans a code. None when nobody has until it expired."""
        while True:
            answer = await self.call("GET", f"/v1/holder/presentations/{shown.ref_hash.hex()}/events")
            if answer.status_code == NOTHING_YET:
                continue
            said = _read(answer)
            return open_entry(self.wallet.log_key, unb64(said["sealed"])) if said["event"] == "scanned" else None

    async def log(self) -> Sequence[Mapping[str, Any]]:
        """Every entry of the holder's log, opened, the newest day first."""
        entries: list[Mapping[str, Any]] = []
        path = "/v1/holder/log"
        while path:
            said = _read(await self.call("GET", path))
            entries += [open_entry(self.wallet.log_key, unb64(entry["sealed"])) for entry in said["entries"]]
            path = said.get("next") or ""
        return entries

    async def block(self, persona: str) -> int:
        """Log in with eID, on this phone or a borrowed one, and have the card blocked. Answers how many there were."""
        stranger = Wallet.new()
        id_token = await self.login.id_token(self.http, persona, stranger.thumbprint)
        said = _read(await self.call("POST", "/v1/holder/blocks", {"id_token": id_token}, signer=stranger))
        return int(said["blocked"])

    @property
    def card_id(self) -> UUID:
        """The card in this phone. Raises LookupError when there is none yet."""
        if self.wallet.card_id is None:
            raise LookupError("there is no card in this phone yet")
        return self.wallet.card_id

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        signer: Wallet | None = None,
        bent: Mapping[str, object] | None = None,
    ) -> httpx2.Response:
        """Say something to the portal, signed by the device key. `bent` claims are signed instead of the right ones."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Card " + self.signature(method, path, content, signer=signer, bent=bent)}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return await self.http.request(method, self.portal + path, content=content, headers=headers, timeout=PATIENCE_SECONDS)

    def signature(
        self,
        method: str,
        path: str,
        content: bytes,
        *,
        signer: Wallet | None = None,
        bent: Mapping[str, object] | None = None,
    ) -> str:
        """Sign what is about to be said, for a minute. Keys that belong to no card yet stand in the header."""
        signer = signer or self.wallet
        claims = {
            "method": method,
            "path": path,
            "body": b64(hashlib.sha256(content).digest()),
            "iat": int(self.clock()),
            "jti": secrets.token_urlsafe(16),
        }
        claims |= {"card": str(signer.card_id)} if signer.card_id else {}
        header = {"alg": "ES256", "typ": "idk1-request+jwt", "kid": signer.thumbprint} | (
            {} if signer.card_id else {"jwk": signer.public_jwk}
        )
        return jws.serialize_compact(header, json.dumps({**claims, **(bent or {})}), signer.device_key, algorithms=["ES256"])


def _read(answer: httpx2.Response) -> Mapping[str, Any]:
    said: Mapping[str, Any] = answer.json()
    if answer.is_error:
        raise Refused(answer.status_code, said)
    return said

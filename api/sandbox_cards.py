"""The cards of the sandbox, made when they are wanted. All their keys follow from the sandbox's own, so nothing has to be kept."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.crowds import step_aside
from api.sandbox_persons import PERSONS, Mood, SandboxPerson
from database.cards import NewCard
from domain.cards.claims import CardStatement, Claim, IssuedCard, issue, verify
from domain.cards.ids import CardId
from domain.cards.jose import SigningKey
from domain.cards.keys import claim_key, seal_claim
from domain.cards.refusals import CheckUnavailable
from domain.cards.sandbox_issuer import sandbox_issuer
from domain.cards.sealed import pack

SLOW_ANSWER = timedelta(seconds=3)
KEY_BYTES, ID_BYTES = 32, 16


@dataclass(frozen=True, slots=True)
class SandboxCards:
    """Everything about test persons' cards that follows from the sandbox's key of 32 bytes."""

    sandbox_key: bytes = field(repr=False)

    def card_id(self, person: SandboxPerson) -> CardId:
        """The same for ever."""
        return CardId(UUID(bytes=self._derived(person, "card", ID_BYTES), version=4))

    def card_key(self, person: SandboxPerson) -> bytes:
        """What a real holder's app would keep to itself."""
        return self._derived(person, "card key", KEY_BYTES)

    def version_on(self, day: date) -> int:
        """A card is made anew each day, since somebody turns eighteen on each of them."""
        return day.toordinal()

    def made(self, person: SandboxPerson, day: date, now: datetime) -> NewCard:
        """Make somebody's card as it is on a day, signed by the sandbox's issuer."""
        issued = self._issued(person, day)
        sealed = self._sealed(person, issued, self.version_on(day))
        return NewCard(
            card_id=self.card_id(person),
            holder_pseudonym=self._derived(person, "pseudonym", KEY_BYTES),
            expires_on=person.expires_on(day),
            version=self.version_on(day),
            issuer_jws=issued.jws,
            sealed=pack(sealed),
            portrait=sealed.get(Claim.PORTRAIT),
            device_key=self.issuer.public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
            holder_public_key=self.log_key(person).public_key().public_bytes_raw(),
            mailbox_id=UUID(bytes=self._derived(person, "mailbox", ID_BYTES), version=4),
            enrolled_at=now,
        )

    def log_key(self, person: SandboxPerson) -> X25519PrivateKey:
        """With which the entries of somebody's log are opened."""
        return X25519PrivateKey.from_private_bytes(self._derived(person, "log key", KEY_BYTES))

    @property
    def issuer(self) -> SigningKey:
        """Who signs the cards."""
        return sandbox_issuer(self.sandbox_key)

    async def statement(self, jws: str) -> CardStatement:
        """Read what stands on a test person's card at its check, in the way that the check of that card goes.

        Raises NotSigned, and CheckUnavailable for the person whose checks do not work.
        """
        issuer = self.issuer
        statement = verify(jws, {issuer.kid: issuer.public})
        mood = next((person.mood for person in PERSONS.values() if self.card_id(person) == statement.card_id), Mood.WELL)
        if mood is Mood.OUTAGE:
            raise CheckUnavailable
        if mood is Mood.SLOW:
            step_aside()
            await asyncio.sleep(SLOW_ANSWER.total_seconds())
        return statement

    def _issued(self, person: SandboxPerson, day: date) -> IssuedCard:
        claims = dict(person.claims(day))
        if person.portrait is not None:
            claims[Claim.PORTRAIT] = {"type": "image/jpeg", "data": base64.b64encode(person.portrait).decode()}
        issuer = self.issuer
        return issue(
            claims,
            issuer=issuer,
            issuer_name="sandbox",
            device_key=issuer.public,
            card_id=self.card_id(person),
            expires_on=person.expires_on(day),
            version=self.version_on(day),
        )

    def _sealed(self, person: SandboxPerson, issued: IssuedCard, version: int) -> Mapping[Claim, bytes]:
        key, card = self.card_key(person), self.card_id(person)
        return {claim: seal_claim(claim_key(key, claim), said, claim, card, version) for claim, said in issued.disclosures.items()}

    def _derived(self, person: SandboxPerson, what: str, length: int) -> bytes:
        return HKDFExpand(algorithm=SHA256(), length=length, info=f"IDK1 sandbox {what} {person.n}".encode()).derive(self.sandbox_key)

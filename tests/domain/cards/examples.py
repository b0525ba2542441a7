"""A card, its issuer and its app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.cards.claims import CardStatement, Claim, Mode, issue, verify
from domain.cards.ids import CardId
from domain.cards.jose import SigningKey
from domain.cards.keys import Grant, claim_key, grant, new_card_key, seal_claim
from domain.cards.sealed import SealedCard

ISSUER = SigningKey.generate("issuer-1")
DEVICE = SigningKey.generate()
CARD = CardId(UUID("01935f00-0000-7000-8000-000000000001"))
OTHER_CARD = CardId(UUID("01935f00-0000-7000-8000-000000000002"))
EXPIRES_ON = date(2031, 5, 1)
DAY = date(2026, 11, 3)
HOLDER: Mapping[Claim, object] = {
    Claim.GIVEN_NAME: "Áilu Ægir",
    Claim.FAMILY_NAME: "Hætta-Østby",
    Claim.BIRTHDATE: "2006-11-03",
    Claim.PORTRAIT: {"type": "image/jpeg", "data": "/9j/4AAQSkZJRg" + "A" * 400},
    Claim.NATIONAL_ID: "03110600000",
    Claim.DOCUMENT_NUMBER: "CCC001234",
    Claim.DOCUMENT_TYPE: "ID",
}


@dataclass(frozen=True)
class Enrolled:
    """A card in the app, and what the server has of it."""

    card_key: bytes
    sealed: SealedCard
    statement: CardStatement

    def grants(self, mode: Mode) -> Grant:
        """Choose a mode."""
        return grant(self.card_key, mode)


def enrol(claims: Mapping[Claim, object] = HOLDER, card_id: CardId = CARD, version: int = 1, issuer: SigningKey = ISSUER) -> Enrolled:
    """Issue a card, and seal its claims as the app does."""
    issued = issue(
        claims,
        issuer=issuer,
        issuer_name="https://issuer.example",
        device_key=DEVICE.public,
        card_id=card_id,
        expires_on=EXPIRES_ON,
        version=version,
    )
    card_key = new_card_key()
    sealed = {claim: seal_claim(claim_key(card_key, claim), text, claim, card_id, version) for claim, text in issued.disclosures.items()}
    statement = verify(issued.jws, {issuer.kid: issuer.public})
    return Enrolled(card_key, SealedCard(card_id, version, sealed), statement)

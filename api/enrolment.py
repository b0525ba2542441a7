"""Whether a card that a phone hands in may be kept, and what of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from api.base64url import Bytes
from api.counter import counter_of
from api.devices import SignedRequest, point_of
from api.holder_desk import HolderDesk, desk_of
from database.cards import NewCard
from domain.cards.ages import oslo_date
from domain.cards.claims import CardStatement, Claim, verify
from domain.cards.holder_log import is_holder_key
from domain.cards.jose import PublicKey, thumbprint
from domain.cards.refusals import CardExpired, CheckUnavailable
from domain.cards.sealed import pack
from domain.cards.untrustworthy import NotSigned
from domain.holders import CardNotBelieved, Flaw, LoginNotBelieved, RequestRepeated, holder_pseudonym
from gateways.cards import IssuerUnavailable
from gateways.holder_login import NotBelieved, ProviderUnavailable

# A portrait of 28 kB, twice in base64, and everything else.
LARGEST_CARD = 160 * 1024
LONGEST_TOKEN = 16 * 1024
SMALLEST_CLAIM, LARGEST_SMALL_CLAIM, LARGEST_PORTRAIT = 28, 2 * 1024, 96 * 1024


class Login(BaseModel):
    """The proof that a person has just logged in, on the phone that signs the request."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    id_token: Annotated[str, Field(max_length=LONGEST_TOKEN, repr=False)]


class SealedClaims(BaseModel):
    """A card's claims as ciphertext, by name. A card has those that its document had."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    given_name: Bytes | None = Field(None, repr=False)
    family_name: Bytes | None = Field(None, repr=False)
    birthdate: Bytes | None = Field(None, repr=False)
    portrait: Bytes | None = Field(None, repr=False)
    national_id: Bytes | None = Field(None, repr=False)
    document_number: Bytes | None = Field(None, repr=False)
    document_type: Bytes | None = Field(None, repr=False)

    def by_claim(self) -> Mapping[Claim, bytes]:
        """Those that are there."""
        return {Claim(name): sealed for name, sealed in self if isinstance(sealed, bytes)}


class Enrolment(Login):
    """A card as the issuer signed it, and its claims, each sealed by the app."""

    issuer_jws: Annotated[str, Field(max_length=LONGEST_TOKEN, repr=False)]
    sealed_claims: SealedClaims
    holder_public_key: Bytes
    mailbox_id: Annotated[UUID, Field(strict=False)]


async def card_of(request: Request, asked: Enrolment) -> NewCard:
    """Make sure of everything that a card must be, and say what is kept of it.

    Raises CardNotBelieved, CardExpired, DeviceUnauthorized, RequestRepeated, LoginNotBelieved and CheckUnavailable.
    """
    counter, desk = counter_of(request), desk_of(request)
    now = counter.wall_clock.now()
    statement = await _statement(desk, asked.issuer_jws)
    signed = SignedRequest.of(request)
    once = await signed.believe(statement.device_key, request, now)
    if signed.card_id != statement.card_id:
        raise CardNotBelieved(flaw=Flaw.CARD)
    if statement.expires_on < oslo_date(now):
        raise CardExpired
    if not await desk.cards.use_once(f"card {statement.card_id}", once.jti, once.forget_at):
        raise RequestRepeated
    person = await pseudonym_of(request, asked.id_token, statement.device_key)
    return _kept(asked, statement, person, now)


async def pseudonym_of(request: Request, id_token: str, device_key: PublicKey) -> bytes:
    """Say who has just logged in on the phone with this key. Raises LoginNotBelieved and CheckUnavailable."""
    counter, desk = counter_of(request), desk_of(request)
    try:
        subject = await desk.login.subject(id_token, nonce=thumbprint(device_key))
    except NotBelieved:
        raise LoginNotBelieved from None
    except ProviderUnavailable:
        raise CheckUnavailable from None
    return holder_pseudonym(counter.pseudonym_key, counter.eid_issuer, subject)


async def _statement(desk: HolderDesk, issuer_jws: str) -> CardStatement:
    """Read what the issuer has signed; a key that we do not know yet may be new."""
    try:
        try:
            return verify(issuer_jws, await desk.issuer.keys())
        except NotSigned:
            return verify(issuer_jws, await desk.issuer.keys(fresh=True))
    except NotSigned:
        raise CardNotBelieved(flaw=Flaw.ISSUER) from None
    except IssuerUnavailable:
        raise CheckUnavailable from None


def _kept(asked: Enrolment, statement: CardStatement, person: bytes, now: datetime) -> NewCard:
    claims = asked.sealed_claims.by_claim()
    portrait = claims.get(Claim.PORTRAIT)
    small = [sealed for claim, sealed in claims.items() if claim is not Claim.PORTRAIT]
    if len(claims) != len(statement.digests) or not all(SMALLEST_CLAIM < len(sealed) <= LARGEST_SMALL_CLAIM for sealed in small):
        raise CardNotBelieved(flaw=Flaw.CLAIMS)
    if portrait is not None and not SMALLEST_CLAIM < len(portrait) <= LARGEST_PORTRAIT:
        raise CardNotBelieved(flaw=Flaw.CLAIMS)
    if not is_holder_key(asked.holder_public_key):
        raise CardNotBelieved(flaw=Flaw.HOLDER_KEY)
    return NewCard(
        card_id=statement.card_id,
        holder_pseudonym=person,
        expires_on=statement.expires_on,
        version=statement.version,
        issuer_jws=asked.issuer_jws,
        sealed=pack(claims),
        portrait=portrait,
        device_key=point_of(statement.device_key),
        holder_public_key=asked.holder_public_key,
        mailbox_id=asked.mailbox_id,
        enrolled_at=now,
    )

"""From a purpose and what the holder grants to what the till is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.cards.ages import age_on, is_at_least
from domain.cards.claims import CardStatement, Claim, Disclosure
from domain.cards.keys import Grant, open_claim
from domain.cards.purposes import Age, AgeOver, Purpose, Wanted
from domain.cards.refusals import CardIncomplete, HolderLimited
from domain.cards.sealed import SealedCard
from domain.cards.untrustworthy import NotInStatement


@dataclass(frozen=True, slots=True)
class Answer:
    """What the till is told, and the names alone for the logs."""

    claims: Mapping[str, object] = field(repr=False)
    released: tuple[str, ...]


def disclose(purpose: Purpose, grant: Grant, card: SealedCard, statement: CardStatement, day: date) -> Answer:
    """Open what the purpose wants, nothing else, and answer it for this day in Norway.

    Raises HolderLimited when the code does not carry the keys, CardIncomplete when the card was made without the claim, and
    Untrustworthy when a claim does not open or the issuer has not vouched for it: to the till that is CardBlocked.
    """
    if not purpose.inputs <= card.claims.keys():
        raise CardIncomplete
    if not purpose.inputs <= grant.keys.keys():
        raise HolderLimited
    if (statement.card_id, statement.version) != (card.card_id, card.version):
        raise NotInStatement
    values = {claim: _opened(claim, grant, card, statement) for claim in purpose.inputs}
    claims = {wanted.name: _answered(wanted, values[wanted.claim], day) for wanted in purpose.answers}
    return Answer(claims, tuple(claims))


def _opened(claim: Claim, grant: Grant, card: SealedCard, statement: CardStatement) -> object:
    content = open_claim(grant.keys[claim], card.claims[claim], claim, card.card_id, card.version)
    if not statement.vouches_for(content):
        raise NotInStatement
    disclosure = Disclosure.from_bytes(content)
    if disclosure.claim is not claim:
        raise NotInStatement
    return disclosure.value


def _answered(wanted: Wanted, value: object, day: date) -> object:
    match wanted:
        case AgeOver(years=years):
            return is_at_least(years, _date(value), day)
        case Age():
            return age_on(_date(value), day)
        case _:
            return value


def _date(birthdate: object) -> date:
    try:
        birth = date.fromisoformat(str(birthdate))
    except ValueError as error:
        raise NotInStatement from error
    # Python also reads dates that are written in other ways, and no two readers may disagree about an age.
    if birth.isoformat() != birthdate:
        raise NotInStatement
    return birth

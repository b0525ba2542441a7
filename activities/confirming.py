"""What confirming an e-mail address needs from the world: the ledger of letters sent and codes tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from temporalio import activity

from domain.clock import Clock
from domain.confirmations import CodeTry, Issue, LinkTry
from domain.email_confirmation import (
    CODE_TRIES,
    Challenge,
    CodeHasExpired,
    CodeResult,
    LinkIsWrong,
    Outcome,
    follow_link,
    refuse_too_many_letters,
    refuse_unless_link_confirmed,
    try_code,
)
from domain.ids import AddressId, ChallengeId
from domain.letter_secrets import LetterSecrets


class ConfirmationLedger(Protocol):
    """Where challenges, tries and confirmed addresses are written down. Writing anything a second time changes nothing."""

    async def earlier_letters(self, issue: Issue) -> Sequence[datetime]:
        """Tell when the user was sent challenges, this one apart."""

    async def issue(self, issue: Issue, at: datetime) -> None:
        """Write the challenge down."""

    async def is_confirmed(self, address: AddressId) -> bool:
        """Tell whether the address has been confirmed already."""

    async def challenge(self, challenge: ChallengeId) -> Challenge:
        """Read the challenge with its wrong tries."""

    async def kept_outcome(self, click: str) -> Outcome | None:
        """Read what came of this click, if it was tried before."""

    async def keep_try(self, attempt: CodeTry, outcome: Outcome, at: datetime) -> None:
        """Write the try down and, when it was right, confirm the address with it."""

    async def confirm(self, address: AddressId, at: datetime) -> None:
        """Confirm the address."""


@dataclass(frozen=True, slots=True)
class Confirming:
    """The steps of a confirmation that are written down."""

    ledger: ConfirmationLedger
    secrets: LetterSecrets
    clock: Clock

    @activity.defn
    async def issue(self, issue: Issue) -> None:
        """Allow one more letter and remember its challenge. Raises TooManyLetters."""
        now = self.clock.now()
        refuse_too_many_letters(await self.ledger.earlier_letters(issue), now)
        await self.ledger.issue(issue, now)

    @activity.defn
    async def try_code(self, attempt: CodeTry) -> None:
        """Confirm the address when the code is right. Raises the Refusal that says why it is not."""
        if await self.ledger.is_confirmed(attempt.address):
            return
        if attempt.challenge is None:
            raise CodeHasExpired
        now = self.clock.now()
        challenge = await self.ledger.challenge(attempt.challenge)
        outcome = await self.ledger.kept_outcome(attempt.click)
        if outcome is None:
            matches = self.secrets.code_matches(attempt.challenge, attempt.code)
            result = try_code(challenge, now, matches=matches)
            await self.ledger.keep_try(attempt, result.outcome, now)
        else:
            result = CodeResult(outcome, CODE_TRIES - challenge.wrong_tries)
        result.refuse_unless_confirmed()

    @activity.defn
    async def try_link(self, attempt: LinkTry) -> None:
        """Confirm the address when the link is right. Raises the Refusal that says why it is not."""
        if await self.ledger.is_confirmed(attempt.address):
            return
        named = self.secrets.challenge_of(attempt.token)
        if named is None or attempt.challenge is None:
            raise LinkIsWrong
        challenge = replace(await self.ledger.challenge(attempt.challenge), replaced=named != attempt.challenge)
        now = self.clock.now()
        refuse_unless_link_confirmed(follow_link(challenge, now, matches=True))
        await self.ledger.confirm(attempt.address, now)

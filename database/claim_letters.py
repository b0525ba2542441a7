"""What letters say of claims, of memberships asked for under another eID, and of signups handed to a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from database.claim_tables import CompanyClaim, MembershipRecovery, SignupHandover
from database.member_letters import Composer
from database.tables import Company, Profile, Signup, UserAccount
from domain.handovers import HANDOVER_LIVES
from domain.ids import HandoverId, RecoveryId
from domain.letter_secrets import LetterSecrets
from domain.letters import Letter, SignupHanded, SignupTaken
from domain.members.claims import TO_OBJECT, ClaimState
from domain.members.letters import ClaimAnnounced, ClaimDecided, ClaimEnded, ClaimReceived, RecoveryAsked, RecoveryEnded, RecoveryToApprove
from domain.members.recoveries import RecoveryState
from domain.names import PersonName
from domain.post import LetterKind, LetterOrder


@dataclass(frozen=True, slots=True)
class ClaimLetters:
    """Composes these letters."""

    secrets: LetterSecrets

    @property
    def composers(self) -> dict[LetterKind, Composer]:
        """How each kind is composed; a letter that there is no reason for any more is None."""
        return {
            LetterKind.CLAIM_ANNOUNCED: _claim,
            LetterKind.CLAIM_RECEIVED: _claim,
            LetterKind.CLAIM_ENDED: _claim,
            LetterKind.CLAIM_DECIDED: _claim,
            LetterKind.RECOVERY_ASKED: self._recovery,
            LetterKind.RECOVERY_TO_APPROVE: self._recovery,
            LetterKind.RECOVERY_ENDED: self._recovery,
            LetterKind.SIGNUP_HANDED: self._handover,
            LetterKind.SIGNUP_TAKEN: self._handover,
        }

    async def _recovery(self, connection: AsyncConnection, order: LetterOrder) -> Letter | None:
        old = aliased(UserAccount)
        query = (
            select(MembershipRecovery, Company.name, Company.organisation_number, UserAccount.given_name, UserAccount.family_name)
            .add_columns(old.given_name.label("old_given"), old.family_name.label("old_family"))
            .join(UserAccount, UserAccount.id == MembershipRecovery.user_id)
            .join(old, old.id == MembershipRecovery.old_user_id, isouter=True)
            .join(Profile, Profile.id == MembershipRecovery.profile_id)
            .join(Company, Company.organisation_number == Profile.organisation_number)
        )
        row = (await connection.execute(query.where(MembershipRecovery.id == order.about))).one_or_none()
        if row is None:
            return None
        name, you = PersonName(row.given_name, row.family_name).full, order.to == row.user_id
        if order.kind is LetterKind.RECOVERY_ENDED:
            place = f"/company/{row.profile_id}" if row.state == RecoveryState.GRANTED else f"/join/{row.organisation_number}/old"
            return RecoveryEnded(row.name, name, row.state, you, place if you else "/help")
        if row.state != RecoveryState.OPEN:
            return None
        if order.kind is LetterKind.RECOVERY_ASKED:
            return RecoveryAsked(row.name, name, f"/recovery/{self.secrets.recovery_token(RecoveryId(row.id))}")
        old_name = PersonName(row.old_given, row.old_family).full
        return RecoveryToApprove(row.name, name, old_name, f"/company/{row.profile_id}/recoveries/{row.id}")

    async def _handover(self, connection: AsyncConnection, order: LetterOrder) -> Letter | None:
        taken = order.kind is LetterKind.SIGNUP_TAKEN
        whose = SignupHandover.taken_by if taken else Signup.user_id
        query = (
            select(SignupHandover, Company.name, UserAccount.given_name, UserAccount.family_name)
            .join(Signup, Signup.id == SignupHandover.signup_id)
            .join(UserAccount, UserAccount.id == whose)
            .join(Company, Company.organisation_number == Signup.organisation_number)
        )
        row = (await connection.execute(query.where(SignupHandover.id == order.about))).one_or_none()
        if row is None or (row.taken_by is not None) != taken:
            return None
        name = PersonName(row.given_name, row.family_name).full
        if taken:
            return SignupTaken(row.name, name, f"/signup/{row.signup_id}")
        token = self.secrets.handover_token(HandoverId(row.id))
        return SignupHanded(row.name, name, HANDOVER_LIVES // timedelta(days=1), f"/handover/{token}")


async def _claim(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    query = (
        select(CompanyClaim, Company.name, Company.organisation_number, UserAccount.given_name, UserAccount.family_name)
        .join(UserAccount, UserAccount.id == CompanyClaim.user_id)
        .join(Profile, Profile.id == CompanyClaim.profile_id)
        .join(Company, Company.organisation_number == Profile.organisation_number)
    )
    row = (await connection.execute(query.where(CompanyClaim.id == order.about))).one_or_none()
    if row is None:
        return None
    name, with_support = PersonName(row.given_name, row.family_name).full, row.with_support_since is not None
    path, mine = f"/company/{row.profile_id}/claims/{row.id}", f"/claim/{row.organisation_number}"
    if order.kind is LetterKind.CLAIM_DECIDED:
        return ClaimDecided(row.name, name, row.state, f"/company/{row.profile_id}/members")
    if order.kind is LetterKind.CLAIM_ENDED:
        return ClaimEnded(row.name, row.state, f"/company/{row.profile_id}" if row.state == ClaimState.GRANTED else mine)
    if row.state != ClaimState.OPEN:
        return None
    if order.kind is LetterKind.CLAIM_RECEIVED:
        return ClaimReceived(row.name, TO_OBJECT, with_support, mine)
    return ClaimAnnounced(row.name, name, TO_OBJECT, with_support, path)

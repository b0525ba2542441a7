"""What pages do with invitations and requests to join."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from temporalio.client import Client

from activities.members import ComingIn, LettingIn, Newcomer
from domain.conversations import Inquiry, NobodyIsListening
from domain.ids import InvitationId, JoinRequestId, ProfileId, StaffId, UserId
from domain.members.invitations import (
    Acceptance,
    AlreadyMember,
    CameInOtherwise,
    Decline,
    InvitationIsOver,
    InvitationStart,
    Resending,
    Revocation,
)
from domain.members.requests import (
    Answer,
    AskedTooOften,
    InvitedMeanwhile,
    JoinRequestStart,
    NoStands,
    NoSuchCompanyHere,
    RequestIsOpen,
    RequestIsOver,
    SupportsAnswer,
    TakenBack,
)
from domain.members.roles import Role
from domain.stages import Stage, ball_at
from workflows.attributes import ProcessKind, attributes
from workflows.front_desk.desk import Answer as Answered
from workflows.front_desk.desk import Done, NotBegun, NotRecorded, Refused, ask, begin, first_answer
from workflows.front_desk.signups import LONG, NotHeard, insist
from workflows.invitation import Invitation
from workflows.join_request import JoinRequest
from workflows.names import invitation_id, join_request_id


@dataclass(frozen=True, slots=True)
class InvitationDesk:
    """Begins invitations and speaks with them."""

    client: Client

    async def begin(self, start: InvitationStart, organisation_number: str) -> Answered[None]:
        """Open an invitation that stands in the books as a draft, and wait a moment until it is open. Twice is once."""
        process = invitation_id(start.invitation)
        try:
            await begin(
                self.client,
                Invitation.run,
                start,
                process_id=process,
                summary="Somebody is invited",
                attributes=attributes(
                    ProcessKind.INVITATION,
                    ball_at(Stage.MEMBER_INVITED),
                    stage=Stage.MEMBER_INVITED,
                    organisation_number=organisation_number,
                ),
                details=f"Invitation {start.invitation} to profile {start.profile}, by user {start.by}",
            )
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, Invitation.wait_until_written, Inquiry(start.by), process_id=process)

    async def accept(self, invitation: InvitationId, user: UserId, click: UUID) -> Answered[None]:
        """Say yes as this user."""
        return await ask(
            self.client, Invitation.accept, Acceptance(user), process_id=invitation_id(invitation), update_id=f"accept-{click}-{user}"
        )

    async def decline(self, invitation: InvitationId, click: UUID) -> Answered[None]:
        """Say no."""
        return await ask(
            self.client, Invitation.decline, Decline(invitation), process_id=invitation_id(invitation), update_id=f"decline-{click}"
        )

    async def revoke(self, invitation: InvitationId, by: UserId, click: UUID) -> Answered[None]:
        """Take an invitation back."""
        return await ask(self.client, Invitation.revoke, Revocation(by), process_id=invitation_id(invitation), update_id=f"revoke-{click}")

    async def send_again(self, invitation: InvitationId, by: UserId, click: UUID) -> Answered[None]:
        """Send the letter once more."""
        return await ask(
            self.client, Invitation.send_again, Resending(by), process_id=invitation_id(invitation), update_id=f"again-{click}"
        )


@dataclass(frozen=True, slots=True)
class JoinDesk:
    """Begins requests to join and speaks with them."""

    client: Client

    async def begin(
        self, profile: ProfileId, user: UserId, organisation_number: str, request: JoinRequestId | None = None
    ) -> Answered[None]:
        """Ask a company to let somebody in, and wait a moment until that is written down. Asking twice is asking once.

        `request` is one that stands in the books and whose process is missing.
        """
        process = join_request_id(profile, user)
        try:
            await begin(
                self.client,
                JoinRequest.run,
                JoinRequestStart(profile, user, request),
                process_id=process,
                summary="Somebody asks to join",
                attributes=attributes(
                    ProcessKind.JOIN_REQUEST, ball_at(Stage.JOIN_ASKED), stage=Stage.JOIN_ASKED, organisation_number=organisation_number
                ),
                details=f"User {user} asks to join profile {profile}",
            )
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, JoinRequest.wait_until_written, Inquiry(user), process_id=process)

    async def answer(self, profile: ProfileId, asker: UserId, answer: Answer, click: UUID) -> Answered[None]:
        """Let somebody in, or do not, as an administrator."""
        process = join_request_id(profile, asker)
        return await ask(self.client, JoinRequest.answer, answer, process_id=process, update_id=f"answer-{click}")

    async def rule(self, profile: ProfileId, asker: UserId, by: StaffId, role: Role | None, click: UUID) -> Answered[None]:
        """Let somebody in, or do not, as support."""
        process = join_request_id(profile, asker)
        return await ask(self.client, JoinRequest.rule, SupportsAnswer(by, role), process_id=process, update_id=f"rule-{click}")

    async def withdraw(self, profile: ProfileId, user: UserId, click: UUID) -> Answered[None]:
        """Take a request back."""
        process = join_request_id(profile, user)
        return await ask(self.client, JoinRequest.withdraw, TakenBack(user), process_id=process, update_id=f"withdraw-{click}")


@dataclass(frozen=True, slots=True)
class WaysInAmongThemselves:
    """How an invitation speaks with a request and the other way round: as anybody does, by an update that may be refused."""

    client: Client

    async def ask_to_join(self, profile: ProfileId, user: UserId, organisation_number: str) -> None:
        """Ask in somebody's name to be let in; where that may not be asked, it is not."""
        answer = await JoinDesk(self.client).begin(profile, user, organisation_number)
        insist(answer, NobodyIsListening, AlreadyMember, NoSuchCompanyHere, RequestIsOpen, AskedTooOften, NoStands)

    async def answer_request(self, letting: LettingIn) -> None:
        """Let somebody in who has asked. Raises RequestIsOver when that has been decided meanwhile."""
        process = join_request_id(letting.profile, letting.asker)
        # The same administrator may say so of two drafts, and means it once.
        update_id = f"invited-{letting.answer.by}"
        answer = await ask(self.client, JoinRequest.answer, letting.answer, process_id=process, update_id=update_id, patience=LONG)
        _done_or(RequestIsOver(), answer)

    async def accept_invitation(self, coming: ComingIn) -> None:
        """Accept an invitation for the one it was sent to. Raises InvitationIsOver when it has ended meanwhile."""
        process, update_id = invitation_id(coming.invitation), f"asked-{coming.acceptance.by}"
        answer = await ask(self.client, Invitation.accept, coming.acceptance, process_id=process, update_id=update_id, patience=LONG)
        _done_or(InvitationIsOver(), answer)

    async def settle_request(self, newcomer: Newcomer) -> None:
        """Tell a request that who made it is a member now; one that has ended need not know."""
        process = join_request_id(newcomer.profile, newcomer.user)
        said = InvitedMeanwhile(newcomer.user)
        answer = await ask(self.client, JoinRequest.hear_of_membership, said, process_id=process, update_id="member-now", patience=LONG)
        insist(answer, NobodyIsListening, RequestIsOver)

    async def settle_invitation(self, invitation: InvitationId, user: UserId) -> None:
        """Tell an invitation that whom it was sent to is a member now; one that has ended need not know."""
        process, said = invitation_id(invitation), CameInOtherwise(user)
        answer = await ask(self.client, Invitation.hear_of_membership, said, process_id=process, update_id="member-now", patience=LONG)
        insist(answer, NobodyIsListening, InvitationIsOver)


def _done_or(gone: RequestIsOver | InvitationIsOver, answer: Answered[None]) -> None:
    """Be content with a yes, raise every refusal, `gone` where nobody listens any more, and have silence tried again."""
    match answer:
        case Done():
            return
        case Refused(NobodyIsListening()):
            raise gone
        case Refused(refusal):
            raise refusal
        case _:
            raise NotHeard

"""Finding which processes among a company's members are missing, and beginning them again where they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import ClaimId, InvitationId, JoinRequestId, RecoveryId
from domain.members.claims import ClaimStart
from domain.members.invitations import InvitationStart
from domain.members.recoveries import RecoveryStart
from domain.members.roles import Role
from domain.operations import OpenMatter
from domain.stages import Process
from workflows.employment_review import EmploymentReview
from workflows.front_desk.claims import ClaimDesk, RecoveryDesk
from workflows.front_desk.desk import Answer, NotRecorded
from workflows.front_desk.members import InvitationDesk, JoinDesk
from workflows.front_desk.processes import ProcessDesk
from workflows.front_desk.reconciling import without_process
from workflows.invitation import Invitation
from workflows.join_request import JoinRequest
from workflows.membership_recovery import MembershipRecovery
from workflows.names import employment_review_id, invitation_id, join_request_id, membership_recovery_id

KINDS = (Invitation, JoinRequest, EmploymentReview, MembershipRecovery)


@dataclass(frozen=True, slots=True)
class MatterReconciler:
    """Compares open matters with processes. Every method that asks raises TemporalIsAway when there is no answer."""

    processes: ProcessDesk

    async def running(self, begun_before: datetime) -> Sequence[str]:
        """List the processes of these kinds that are under way and were begun before a moment."""
        return [process for kind in KINDS for process in await self.processes.running_of(kind.__name__, begun_before)]

    def strangers(self, running: Sequence[str], matters: Sequence[OpenMatter]) -> list[str]:
        """Pick the processes that belong to nothing that is written down as open."""
        known = {process_of(matter) for matter in matters}
        return [process for process in running if process not in known]

    async def without_process(self, matters: Sequence[OpenMatter]) -> Sequence[OpenMatter]:
        """Pick the matters that nobody works on."""
        return await without_process(self.processes, matters, process_of)

    async def begin(self, matter: OpenMatter) -> bool:
        """Begin a matter again where it stood; its letters go out once more. False when Temporal did not take it."""
        return not isinstance(await self._begin(matter), NotRecorded)

    async def _begin(self, matter: OpenMatter) -> Answer[None]:
        client, profile, user, number = self.processes.client, matter.profile, matter.user, matter.organisation_number
        match matter.kind:
            case Process.INVITATION:
                start = InvitationStart(InvitationId(matter.id), profile, user, matter.role or Role.MEMBER)
                return await InvitationDesk(client).begin(start, number)
            case Process.JOIN_REQUEST:
                return await JoinDesk(client).begin(profile, user, number, JoinRequestId(matter.id))
            case Process.CLAIM:
                return await ClaimDesk(client).begin(ClaimStart(ClaimId(matter.id), profile, user, number))
            case _:
                return await RecoveryDesk(client).begin(RecoveryStart(RecoveryId(matter.id), profile, user, number))


def process_of(matter: OpenMatter) -> str:
    """Name the process that a matter should have."""
    match matter.kind:
        case Process.INVITATION:
            return invitation_id(InvitationId(matter.id))
        case Process.JOIN_REQUEST:
            return join_request_id(matter.profile, matter.user)
        case Process.CLAIM:
            return employment_review_id(ClaimId(matter.id))
        case _:
            return membership_recovery_id(RecoveryId(matter.id))

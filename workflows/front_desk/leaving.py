"""What pages do with the deletion of an account, and how that takes back what its owner has begun."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio.client import Client

from domain.conversations import Inquiry, NobodyIsListening
from domain.ids import ProfileId, SignupId, UserId, derived
from domain.members.requests import RequestIsOver
from domain.own import Farewell
from domain.signups import SignupIsDecided
from domain.stages import Ball
from workflows.account_deletion import AccountDeletion
from workflows.attributes import ProcessKind, attributes
from workflows.front_desk.desk import Answer, NotBegun, NotRecorded, begin, first_answer
from workflows.front_desk.members import JoinDesk
from workflows.front_desk.signups import SignupDesk, insist
from workflows.names import account_deletion_id


@dataclass(frozen=True, slots=True)
class FarewellDesk:
    """Begins the deletion of accounts."""

    client: Client

    async def begin(self, user: UserId) -> Answer[None]:
        """Let somebody go, and wait a moment until nobody can open the account any more. Twice is once."""
        process = account_deletion_id(user)
        try:
            await begin(
                self.client,
                AccountDeletion.run,
                Farewell(user),
                process_id=process,
                summary="Somebody deletes their account",
                attributes=attributes(ProcessKind.ACCOUNT_DELETION, Ball.US),
                details=f"Account of user {user}",
            )
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, AccountDeletion.wait_until_left, Inquiry(user), process_id=process)


@dataclass(frozen=True, slots=True)
class TheirProcesses:
    """Takes back what somebody has begun who goes, as they would themselves."""

    client: Client

    async def withdraw_signup(self, signup: SignupId, user: UserId) -> None:
        """Take a signup back; one that is decided need not know."""
        answer = await SignupDesk(self.client).withdraw(signup, user, derived(str(signup), "farewell"))
        insist(answer, NobodyIsListening, SignupIsDecided)

    async def withdraw_request(self, profile: ProfileId, user: UserId) -> None:
        """Take a request to join back; one that is answered need not know."""
        answer = await JoinDesk(self.client).withdraw(profile, user, derived(f"{profile} {user}", "farewell"))
        insist(answer, NobodyIsListening, RequestIsOver)

"""A request to join a company: what begins it, what is said to it, how it ends, and what it is refused for. Ids only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.ids import InvitationId, JoinRequestId, ProfileId, StaffId, UserId
from domain.members.roles import Role
from domain.refusals import Refusal
from domain.words import _

# Working days, counted from when somebody asked.
REMINDED_AFTER = 2
SUPPORT_AFTER = 5
MOST_WITHIN_A_DAY = 3
A_NO_STANDS = timedelta(days=7)


class JoinRequestState(StrEnum):
    """Where a request stands. Everything but open is an end, and there is one end."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    # Whoever asked has come in by an invitation.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class JoinRequestStart:
    """Everything a request needs to begin: who wants to join which company."""

    profile: ProfileId
    user: UserId
    # A request that stands in the books already, whose process has to be begun again.
    request: JoinRequestId | None = None


@dataclass(frozen=True, slots=True)
class AskingInstead:
    """Somebody was signing a company up that a colleague has opened, and asks to join it instead."""

    user: UserId
    organisation_number: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Write the request down under this id, unless an invitation is open that can be accepted instead."""

    id: JoinRequestId
    start: JoinRequestStart
    step: UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """The request is written down, and these administrators are to hear of it; or an invitation is open for the same person."""

    administrators: Sequence[UserId] = ()
    invitation: InvitationId | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An administrator answers: with a role when it is yes."""

    by: UserId
    role: Role | None


@dataclass(frozen=True, slots=True)
class SupportsAnswer:
    """Support answers where no administrator has, with a role when it is yes."""

    by: StaffId
    role: Role | None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Whoever asked does not want to join any longer."""

    by: UserId


@dataclass(frozen=True, slots=True)
class InvitedMeanwhile:
    """Whoever asked has become a member by an invitation."""

    user: UserId


@dataclass(frozen=True, slots=True)
class Answering:
    """A request comes to its end, under ids that make a second end the same one."""

    id: JoinRequestId
    start: JoinRequestStart
    state: JoinRequestState
    step: UUID
    membership: UUID
    role: Role | None = None
    by: UserId | None = None
    by_staff: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Handing:
    """Nobody has answered for so long that support has to look at it."""

    id: JoinRequestId
    step: UUID


class RequestIsOpen(Refusal):
    """One request at a time is enough."""

    code = "request-is-open"
    words = _("You have asked already. The company's administrators have been told.")


class RequestIsOver(Refusal):
    """The request has been answered or taken back."""

    code = "request-is-over"
    words = _("This request has been answered already, or taken back. What you chose has not been carried out.")


class RequestIsAccepted(RequestIsOver):
    """Somebody has said yes."""

    code = "request-is-accepted"
    words = _("This request has been accepted already.")


class RequestIsDeclined(RequestIsOver):
    """Somebody has said no."""

    code = "request-is-declined"
    words = _("This request has been declined already.")


class RequestIsWithdrawn(RequestIsOver):
    """Whoever asked has taken it back."""

    code = "request-is-withdrawn"
    words = _("This request has been taken back by the one who asked.")


class RequestIsSuperseded(RequestIsOver):
    """Whoever asked was invited meanwhile."""

    code = "request-is-superseded"
    words = _("Whoever asked has accepted an invitation meanwhile, and acts for the company now.")


class NotYourRequest(Refusal):
    """A request is taken back by the one who asked."""

    code = "not-your-request"
    words = _("This request was made by somebody else.")


class NoSuchCompanyHere(Refusal):
    """The company has no profile, or not any longer."""

    code = "no-such-company-here"
    words = _("This company has no profile with us. Sign it up instead.")


class AskedTooOften(Refusal):
    """A company's administrators are not to be pestered."""

    code = "asked-too-often"
    words = _("You have asked several times today. Wait until tomorrow, or talk to your colleagues.")


class NoStands(Refusal):
    """An administrator has said no, and that holds for a while."""

    code = "no-stands"
    words = _("The company has said no. You can ask again a week after that, or sooner talk to your colleagues.")


_OVER: Mapping[JoinRequestState, type[RequestIsOver]] = {
    JoinRequestState.ACCEPTED: RequestIsAccepted,
    JoinRequestState.DECLINED: RequestIsDeclined,
    JoinRequestState.WITHDRAWN: RequestIsWithdrawn,
    JoinRequestState.SUPERSEDED: RequestIsSuperseded,
}


def over(state: JoinRequestState) -> RequestIsOver:
    """Say how a request has ended, to somebody who comes too late."""
    return _OVER.get(state, RequestIsOver)()


def refuse_pestering(asked: Sequence[datetime], declined: Sequence[datetime], now: datetime) -> None:
    """Raise the Refusal for somebody who asks the same company too often, given when they asked and were declined before."""
    if any(now - at < A_NO_STANDS for at in declined):
        raise NoStands
    if sum(now - at < timedelta(days=1) for at in asked) >= MOST_WITHIN_A_DAY:
        raise AskedTooOften

"""A membership that somebody asks for who has another eID now: what begins it, what is said to it, how it ends. Ids only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.ids import ProfileId, RecoveryId, UserId
from domain.members.four_eyes import SupportsWord
from domain.refusals import Refusal
from domain.stages import Stage
from domain.words import _

# Working days, counted from when the old address had confirmed.
SUPPORT_AFTER = 5
EXPIRES = timedelta(days=14)
# Of one person, within a day.
MOST_WITHIN_A_DAY = 3


class RecoveryState(StrEnum):
    """Where it stands. Everything but open is an end, and there is one end."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


STAGES: Mapping[RecoveryState, Stage] = {
    RecoveryState.GRANTED: Stage.RECOVERY_GRANTED,
    RecoveryState.DECLINED: Stage.RECOVERY_DECLINED,
    RecoveryState.WITHDRAWN: Stage.RECOVERY_WITHDRAWN,
    RecoveryState.EXPIRED: Stage.RECOVERY_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class RecoveryDraft:
    """What somebody has typed: personal, so it goes to the books and no further."""

    id: RecoveryId
    profile: ProfileId
    user: UserId
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecoveryStart:
    """Everything it needs to begin: the draft stands in the books under its id."""

    recovery: RecoveryId
    profile: ProfileId
    user: UserId
    organisation_number: str


class RecoveryHeard(StrEnum):
    """What changes where it stands."""

    CONFIRMED = "confirmed"
    NOT_ME = "not-me"
    NO_MAIL = "no-mail"
    TAKEN_BACK = "taken-back"
    ANSWER = "answer"
    SUPPORT = "support"
    NOBODY_ANSWERED = "nobody-answered"
    NOBODY_CONFIRMED = "nobody-confirmed"


@dataclass(frozen=True, slots=True)
class RecoverySaid:
    """Something that is said to it: by the letter of the old address, by who asks, by an administrator (then yes or no)."""

    heard: RecoveryHeard
    by: UserId | None = None
    yes: bool = False


@dataclass(frozen=True, slots=True)
class RecoveryWord:
    """What was heard and from whom, under ids that make a second writing the same one."""

    start: RecoveryStart
    step: UUID
    membership: UUID
    said: RecoverySaid
    support: SupportsWord | None = None


@dataclass(frozen=True, slots=True)
class RecoveryStands:
    """Where it stands after what was said, whose membership it is about, and which administrators can answer."""

    state: RecoveryState
    old_user: UserId | None = None
    confirmed: bool = False
    with_support: bool = False
    administrators: Sequence[UserId] = ()


@dataclass(frozen=True, slots=True)
class RecoveryTimes:
    """When somebody asked, and when the old address confirmed."""

    asked_at: datetime
    confirmed_at: datetime | None


class RecoveryIsOpen(Refusal):
    """One at a time is enough."""

    code = "recovery-is-open"
    words = _("You have asked already. The page says where that stands.")


class RecoveryIsOver(Refusal):
    """It has been decided or taken back."""

    code = "recovery-is-over"
    words = _("This has been decided already, or taken back. What you chose has not been carried out.")


class NotYourRecovery(Refusal):
    """It is taken back by the one who asked, and confirmed from the letter."""

    code = "not-your-recovery"
    words = _("It is somebody else who has asked for this membership.")


class NotConfirmedYet(Refusal):
    """Without the old address only support may decide."""

    code = "recovery-not-confirmed"
    words = _("The old e-mail address has not confirmed this yet, so you cannot answer.")


class NobodyToMoveFrom(Refusal):
    """There is no such membership, so there is nothing to say yes to."""

    code = "nobody-to-move-from"
    words = _("There is no membership that belongs to the address that was named. You can only say no.")


class AskedOldTooOften(Refusal):
    """Nobody's mailbox is to be flooded."""

    code = "recovery-asked-too-often"
    words = _("You have asked several times today. Wait until tomorrow, or call us.")


def refuse_pestering(asked: Sequence[datetime], now: datetime) -> None:
    """Raise AskedOldTooOften for somebody who asks again and again."""
    if sum(now - at < timedelta(days=1) for at in asked) >= MOST_WITHIN_A_DAY:
        raise AskedOldTooOften

"""The names that things go by inside: they tell nothing about anybody."""

from __future__ import annotations

from typing import NewType
from uuid import UUID, uuid5

UserId = NewType("UserId", UUID)
SignupId = NewType("SignupId", UUID)
ProfileId = NewType("ProfileId", UUID)
RepId = NewType("RepId", UUID)
StaffId = NewType("StaffId", UUID)
AddressId = NewType("AddressId", UUID)
ChallengeId = NewType("ChallengeId", UUID)
MembershipId = NewType("MembershipId", UUID)
InvitationId = NewType("InvitationId", UUID)
JoinRequestId = NewType("JoinRequestId", UUID)
ClaimId = NewType("ClaimId", UUID)
RecoveryId = NewType("RecoveryId", UUID)
HandoverId = NewType("HandoverId", UUID)

# Made once, at random; another one would give every derived id a new value.
_OURS = UUID("0d4b7d0e-5f0a-4c58-9c1e-6d0c5a3f7e21")


def derived(run: str, step: str, number: int = 0) -> UUID:
    """Name what a step of a process writes, so that doing the step again writes the same row.

    `run` is the id of the process's first run, `number` tells repetitions of one step apart.
    """
    return uuid5(_OURS, f"{run}/{step}/{number}")

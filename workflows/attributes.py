"""What operators can search processes by in Temporal. Everything here is readable to whoever can see the process, so it is public."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.stages import Ball, Stage

KIND = SearchAttributeKey.for_keyword("ProcessKind")
STAGE = SearchAttributeKey.for_keyword("Stage")
WAITING_FOR = SearchAttributeKey.for_keyword("WaitingFor")
# Public: everybody can look it up in the register.
ORGANISATION_NUMBER = SearchAttributeKey.for_keyword("OrganisationNumber")

KEYS = (KIND, STAGE, WAITING_FOR, ORGANISATION_NUMBER)


class ProcessKind(StrEnum):
    """What a process is for."""

    SIGNUP = "company-signup"
    CONFIRMATION = "email-confirmation"
    LETTER = "letter"
    INVITATION = "invitation"
    JOIN_REQUEST = "join-request"
    ACCOUNT_DELETION = "account-deletion"
    CLAIM = "employment-review"
    RECOVERY = "membership-recovery"


class WaitingFor(StrEnum):
    """Who has to do the next thing, where that is not read from a stage."""

    CUSTOMER = "customer"
    MAIL_SERVER = "mail-server"


def attributes(
    kind: ProcessKind, waiting_for: WaitingFor | Ball, *, stage: Stage | None = None, organisation_number: str | None = None
) -> TypedSearchAttributes:
    """Say what a process is found by from its beginning on."""
    said: Mapping[SearchAttributeKey[str], str | None] = {
        KIND: kind,
        WAITING_FOR: waiting_for,
        STAGE: stage,
        ORGANISATION_NUMBER: organisation_number,
    }
    return TypedSearchAttributes([SearchAttributePair(key, str(value)) for key, value in said.items() if value is not None])


def stand_at(stage: Stage, ball: Ball) -> None:
    """Let operators see where a process stands now: what they can search by, and a line on its page.

    Processes begun before there was this go on without it.
    """
    workflow.set_current_details(f"**{stage.value}**, waiting for {ball.value}")
    if workflow.patched("operators-see-the-stage"):
        workflow.upsert_search_attributes([STAGE.value_set(stage.value), WAITING_FOR.value_set(ball.value)])

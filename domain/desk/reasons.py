"""Why something was decided, asked, laid aside or turned round. A code stays for ever; what is said of it may change."""

from __future__ import annotations

from enum import StrEnum

from domain.words import _


class ApprovalReason(StrEnum):
    """Why somebody is let in though the register could not confirm them. For ourselves; the customer is only told yes."""

    DOCUMENT = "document"
    COMPANY_CONFIRMED = "company-confirmed"
    SAME_PERSON = "same-person"
    ROLE_SUFFICES = "role-suffices"
    OTHER = "other"


APPROVALS = {
    ApprovalReason.DOCUMENT: _("A document shows it"),
    ApprovalReason.COMPANY_CONFIRMED: _("The company has confirmed it"),
    ApprovalReason.SAME_PERSON: _("The register means the same person, under another name"),
    ApprovalReason.ROLE_SUFFICES: _("The role in the register is enough in this case"),
    ApprovalReason.OTHER: _("Something else, which the notes tell"),
}


class QuestionReason(StrEnum):
    """What the customer is asked for."""

    WHAT_YOU_DO_THERE = "what-you-do-there"
    DOCUMENT = "document"
    NAME = "name"
    OTHER = "other"


QUESTIONS = {
    QuestionReason.WHAT_YOU_DO_THERE: _("What the customer does in the company"),
    QuestionReason.DOCUMENT: _("A document that shows the employment"),
    QuestionReason.NAME: _("Why the names differ"),
    QuestionReason.OTHER: _("Something else"),
}


class HoldReason(StrEnum):
    """Why a task is laid aside until a time."""

    REGISTER_DOWN = "register-down"
    COLLEAGUE = "colleague"
    COMPANY = "company"
    OTHER = "other"


HOLDS = {
    HoldReason.REGISTER_DOWN: _("The register is down"),
    HoldReason.COLLEAGUE: _("A colleague has to be asked"),
    HoldReason.COMPANY: _("The company calls back"),
    HoldReason.OTHER: _("Something else"),
}


class ReversalReason(StrEnum):
    """Why a lead turns a decision round."""

    MISTAKE = "mistake"
    NEW_FACTS = "new-facts"
    FALSE_DOCUMENTS = "false-documents"
    COMPANY_OBJECTS = "company-objects"


# Said to the customer, whichever way the decision was turned.
REVERSALS = {
    ReversalReason.MISTAKE: _("We made a mistake when we decided, and we are sorry for that."),
    ReversalReason.NEW_FACTS: _("We have learnt something that we did not know when we decided."),
    ReversalReason.FALSE_DOCUMENTS: _("What we were shown does not seem to be right."),
    ReversalReason.COMPANY_OBJECTS: _("The company has got in touch with us about it."),
}

"""Replies that are written once and used often, in each language. Support leads look after them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.desk.conversation import text_in
from domain.languages import Language
from domain.refusals import Refusal
from domain.words import _

LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A text to ask customers with. The title is for colleagues; both languages are saved under one id or not at all."""

    id: UUID
    title: str
    texts: dict[Language, str]


class ReplyNeedsTitle(Refusal):
    """Colleagues find a reply by its title."""

    code = "reply-needs-title"
    words = _("Give the reply a title of at most 80 characters.")


def reply_in(id_: UUID, title: str, texts: dict[Language, str]) -> SavedReply:
    """Read what a lead has typed. Raises ReplyNeedsTitle or TextTooShortOrLong."""
    short = " ".join(title.replace("\0", "").split())
    if not 1 <= len(short) <= LONGEST_TITLE:
        raise ReplyNeedsTitle
    return SavedReply(id_, short, {language: text_in(texts.get(language, "")) for language in Language})

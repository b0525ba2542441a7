"""What people say of our help pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database.tables import HelpFeedback
from domain.languages import Language


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer was the one looked for, and what else somebody had to say. Nobody's name goes with it."""

    slug: str
    found: bool
    comment: str
    language: Language


@dataclass(frozen=True, slots=True)
class Feedback:
    """Keeps it for those who write the answers."""

    engine: AsyncEngine

    async def keep(self, click: UUID, verdict: Verdict, at: datetime) -> None:
        """Keep a verdict; the same click sent twice is kept once."""
        row = {"id": click, "slug": verdict.slug, "found": verdict.found, "comment": verdict.comment, "language": verdict.language}
        async with self.engine.begin() as connection:
            await connection.execute(insert(HelpFeedback).values(given_at=at, **row).on_conflict_do_nothing())

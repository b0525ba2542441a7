"""Saved replies, as support leads keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database.desk_tables import SavedReplyRow
from domain.desk.replies import SavedReply
from domain.languages import Language


@dataclass(frozen=True, slots=True)
class SavedReplies:
    """Reads and keeps the replies that are written once and used often."""

    engine: AsyncEngine

    async def all(self) -> Sequence[SavedReply]:
        """List them by title, each with its text in every language."""
        query = select(SavedReplyRow).where(SavedReplyRow.removed_at.is_(None)).order_by(func.lower(SavedReplyRow.title))
        async with self.engine.connect() as connection:
            rows = await connection.execute(query)
            return [SavedReply(row.id, row.title, {Language(tongue): text for tongue, text in row.texts.items()}) for row in rows]

    async def save(self, reply: SavedReply, by: UUID, now: datetime) -> None:
        """Keep a reply, new or edited."""
        said = {"title": reply.title, "texts": dict(reply.texts), "edited_by": by, "edited_at": now, "removed_at": None}
        row = insert(SavedReplyRow).values(id=reply.id, **said)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=[SavedReplyRow.id], set_=said))

    async def remove(self, reply: UUID, by: UUID, now: datetime) -> None:
        """Take a reply out of use."""
        row = update(SavedReplyRow).where(SavedReplyRow.id == reply)
        async with self.engine.begin() as connection:
            await connection.execute(row.values(removed_at=now, edited_by=by, edited_at=now))

"""Writing the stage log and reading it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from database.member_tables import StaffView
from database.tables import StageLog
from domain.stages import Actor, LogEntry, Stage, Step


async def write_step(connection: AsyncConnection, step: Step, at: datetime) -> None:
    """Add a step to its company's log with the next number; a step that stands there already is left as it is.

    Steps of one company are numbered one after the other, so two transactions writing at once wait for each other.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"stage_log {step.organisation_number}"))))
    of_company = StageLog.organisation_number == step.organisation_number
    latest = await connection.scalar(select(func.max(StageLog.sequence)).where(of_company))
    before = await connection.scalar(
        select(StageLog.to_stage).where(StageLog.process_id == step.process_id).order_by(StageLog.sequence.desc()).limit(1)
    )
    await connection.execute(
        insert(StageLog)
        .values(
            id=step.id,
            at=at,
            organisation_number=step.organisation_number,
            sequence=(latest or 0) + 1,
            process=step.process,
            process_id=step.process_id,
            from_stage=before,
            to_stage=step.stage,
            actor=step.actor,
            actor_id=step.actor_id,
            why=step.why,
        )
        .on_conflict_do_nothing(index_elements=[StageLog.id])
    )


async def read_process(connection: AsyncConnection, process_id: UUID) -> Sequence[LogEntry]:
    """Read one process's steps, oldest first."""
    return await _read(connection, StageLog.process_id == process_id)


async def read_looks(connection: AsyncConnection, signup: UUID) -> Sequence[LogEntry]:
    """Read when support has looked at a signup's page, oldest first."""
    return await _read(connection, StageLog.process_id.in_(select(StaffView.id).where(StaffView.signup_id == signup)))


async def read_company(connection: AsyncConnection, organisation_number: str) -> Sequence[LogEntry]:
    """Read everything that has happened to a company, oldest first."""
    return await _read(connection, StageLog.organisation_number == organisation_number)


async def _read(connection: AsyncConnection, condition: ColumnElement[bool]) -> Sequence[LogEntry]:
    rows = await connection.execute(
        select(StageLog.at, StageLog.to_stage, StageLog.actor, StageLog.why).where(condition).order_by(StageLog.sequence)
    )
    return [LogEntry(row.at, Stage(row.to_stage), Actor(row.actor), row.why) for row in rows]

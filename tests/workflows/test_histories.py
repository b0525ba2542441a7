"""Processes that are under way go on after an edit: what was recorded is replayed, and says nothing about anybody."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from gateways.temporal import ENCODING
from tests.histories.careless import CarelessSignup
from tests.histories.courses import COURSES, PERSONAL
from tests.histories.keeping import converter, history_in, payloads_of, recorded
from workflows.sandbox import FINAL, SANDBOX, WORKFLOWS

HISTORIES = recorded()
# What the server itself writes into a history, and nobody seals.
# The SDK's own notes that a process has passed a change of ours; they are not sealed, and say the change's name.
PASSED = re.compile(rb'\{"id":"[a-z-]+","deprecated":(true|false)\}|\["[a-z-]+"(,"[a-z-]+")*\]')
# What operators search by is public, and so never sealed: stages and the like, and a company's number.
SEARCHED_BY = re.compile(rb'"([a-z-]+|[0-9]{9})"')
SAID_BY_TEMPORAL = {b'"ACTIVITY_ID_NOT_STARTED"'}
SIGNUPS = [path for path in HISTORIES if path.parent.name == "CompanySignup"]


def replayer(workflows: Sequence[type] = WORKFLOWS) -> Replayer:
    """Replay as the worker would."""
    return Replayer(workflows=workflows, workflow_runner=SANDBOX, workflow_failure_exception_types=FINAL, data_converter=converter())


def named(path: Path) -> str:
    """Say which history it is."""
    return "/".join((*path.parts[-3:-1], path.stem))


@pytest.mark.parametrize("path", HISTORIES, ids=named)
async def test_what_was_recorded_is_replayed(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A process of weeks meets many versions of our code; when this fails, the edit needs `workflow.patched`."""
    await replayer().replay_workflow(history_in(path))
    gc.collect()

    assert [] == [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("path", SIGNUPS, ids=named)
async def test_a_careless_edit_does_not_get_through(path: Path) -> None:
    """A gate that nobody has seen closed may be a wall with a gate painted on it."""
    with pytest.raises(NondeterminismError):
        await replayer([CarelessSignup]).replay_workflow(history_in(path))


def test_every_workflow_and_every_course_is_recorded() -> None:
    """A course that is not recorded is not guarded."""
    kept = {(path.parent.name, path.stem) for path in HISTORIES}

    assert {workflow.__name__ for workflow in WORKFLOWS} == set(COURSES)
    assert {(workflow, course.__name__) for workflow, courses in COURSES.items() for course in courses} <= kept


@pytest.mark.parametrize("path", HISTORIES, ids=named)
async def test_a_recorded_history_says_nothing_about_anybody(path: Path) -> None:
    """Ids only: whoever reads Temporal's own database, even with the key, learns no name, no address and no birth date."""
    history, codec = history_in(path), converter().payload_codec
    assert codec is not None
    sealed = payloads_of(history)
    text = history.to_json() + b"".join(payload.data for payload in await codec.decode(sealed)).decode()

    assert sealed
    # What operators search by carries its type and is public; the words below are not in it either.
    open_ones = [payload.data for payload in sealed if payload.metadata["encoding"] != ENCODING and "type" not in payload.metadata]
    assert all(data in SAID_BY_TEMPORAL or PASSED.fullmatch(data) for data in open_ones)
    assert [] == [word for word in PERSONAL if word.casefold() in text.casefold()]


@pytest.mark.parametrize("path", HISTORIES, ids=named)
async def test_a_recorded_history_does_not_say_where_it_was_recorded(path: Path) -> None:
    """Neither in what is open nor in what is sealed: a stack trace would name folders, `process@machine` the machine."""
    history, codec = history_in(path), converter().payload_codec
    assert codec is not None
    opened = b"".join(payload.data for payload in await codec.decode(payloads_of(history))).decode()

    assert str(Path(__file__).parent.parent.parent) not in opened
    assert "@" not in history.to_json()

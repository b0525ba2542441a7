"""How patient we are with machines, named once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError
from temporalio.workflow import ActivityConfig

from domain.refusals import Refusal

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

# Our own database is back within seconds or somebody has been woken: try often, never give up.
KEEP_RECORD = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20)),
)
# The register is somebody else's: give it time, and ever longer pauses while it is ill.
ASK_REGISTER = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
)
# A mail server may be away for a weekend.
SEND_LETTER = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=1),
    schedule_to_close_timeout=timedelta(days=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10)),
)


async def ask(activity: Callable[[Any, Asked], Awaitable[Answer]], about: Asked, summary: str, patience: ActivityConfig) -> Answer:
    """Have an activity done. Raises the Refusal itself when the answer is no."""
    try:
        options: ActivityConfig = {**patience, "summary": summary}
        return await workflow.execute_activity_method(activity, about, **options)
    except ActivityError as error:
        if isinstance(error.cause, Refusal):
            raise error.cause from None
        raise

"""What kinds of tasks there are and how long each may take, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.desk.calendar import WORKING_DAY


class TaskKind(StrEnum):
    """What a person is asked to decide."""

    EMPLOYMENT = "employment"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a kind of task goes, in opening hours.

    `allowed` is how long a decision may take, None where nobody is in a hurry; the holder is reminded when `reminded_before` is left.
    The customer is reminded of a question after `customer_reminded`, twice, and the task is laid aside after `laid_aside`.
    """

    allowed: timedelta | None = 2 * WORKING_DAY
    reminded_before: timedelta = WORKING_DAY / 2
    customer_reminded: tuple[timedelta, timedelta] | None = (2 * WORKING_DAY, 5 * WORKING_DAY)
    laid_aside: timedelta | None = 15 * WORKING_DAY


PACES: Mapping[TaskKind, Pace] = {TaskKind.EMPLOYMENT: Pace(), TaskKind.APPEAL: Pace()}
# Requests to join have a process of their own; what comes to us of them is due as any task is.
JOINING = Pace(customer_reminded=None, laid_aside=None)
UNHURRIED: Mapping[TaskKind, Pace] = dict.fromkeys(TaskKind, Pace(allowed=None, customer_reminded=None, laid_aside=None))

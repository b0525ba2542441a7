"""A workflow as somebody might edit it who does not think of the processes that are under way."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from domain.signups import SignupStart
from domain.stages import Stage
from workflows.company_signup import CompanySignup

BREATH = timedelta(seconds=1)


@workflow.defn(name="CompanySignup")
class CarelessSignup(CompanySignup):
    """A signup that takes a breath before it begins."""

    @workflow.init
    def __init__(self, start: SignupStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: SignupStart) -> Stage:
        """Sleep, then go on as before."""
        await workflow.sleep(BREATH)
        return await super().run(start)

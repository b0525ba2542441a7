"""What every worker and every replay must agree on about workflows."""

from __future__ import annotations

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from domain.refusals import Refusal
from workflows.account_deletion import AccountDeletion
from workflows.company_signup import CompanySignup
from workflows.email_confirmation import EmailConfirmation
from workflows.employment_review import EmploymentReview
from workflows.invitation import Invitation
from workflows.join_request import JoinRequest
from workflows.letter import Letter
from workflows.membership_recovery import MembershipRecovery

WORKFLOWS = (
    AccountDeletion,
    CompanySignup,
    EmailConfirmation,
    EmploymentReview,
    Invitation,
    JoinRequest,
    Letter,
    MembershipRecovery,
)

# A package that is imported a second time inside the sandbox has two of each of its enums, and `verdict is CONFIRMED` is then
# silently false. So everything workflows share with the outside is named here, and nowhere else.
SANDBOX = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("domain", "activities"))

# A refusal ends an update or a workflow with an answer; any other exception is a fault to be mended while the process waits.
FINAL = (Refusal,)

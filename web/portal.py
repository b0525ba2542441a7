"""What the pages are made with: everything they need from the world, in one hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from opentelemetry.trace import Tracer
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from database.accounts import Accounts
from database.desk_claims import DeskClaims
from database.desk_file import TaskFiles
from database.desk_questions import DeskQuestions
from database.desk_replies import SavedReplies
from database.desk_statistics import DeskStatistics
from database.feedback import Feedback
from database.handovers import Handovers
from database.membership_changes import MembershipChanges
from database.operations import Operations
from database.sessions import Attempts, Sessions
from database.staff import StaffSessions
from domain.clock import Clock
from domain.desk.documents import DocumentSafe
from domain.letter_secrets import LetterSecrets
from gateways.brreg import Brreg
from gateways.clock import SystemClock
from gateways.demo_time import DemoTime
from gateways.eid import Eid
from gateways.meters import Meters
from gateways.staff_login import StaffLogin
from gateways.upstreams import Upstreams
from workflows.front_desk.claims import ClaimDesk, RecoveryDesk
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.leaving import FarewellDesk
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.matters import MatterReconciler
from workflows.front_desk.members import InvitationDesk, JoinDesk
from workflows.front_desk.processes import ProcessDesk
from workflows.front_desk.reconciling import Reconciler
from workflows.front_desk.signups import SignupDesk


class Door(StrEnum):
    """The two ways in. Each has a cookie of its own, named like this, so that one browser may be a customer and staff at once."""

    CUSTOMERS = "session"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal's parts and what it knows of its surroundings.

    `clock` tells the business's time, which a demo may run ahead; sessions and logins live by `wall_clock`. `upstreams` asks,
    by name, whether what we depend on besides the database answers.
    """

    engine: AsyncEngine
    clock: Clock
    wall_clock: Clock
    eid: Eid
    staff_login: StaffLogin
    register: Brreg
    signups: SignupDesk
    confirmations: ConfirmationDesk
    letter_secrets: LetterSecrets
    public_url: str
    secret_key: bytes = field(repr=False)
    document_safe: DocumentSafe
    support_email: str
    support_phone: str
    demo_tour: Path | None = None
    demo_time: DemoTime | None = None
    upstreams: Upstreams = field(default_factory=lambda: Upstreams({}, SystemClock()))
    meters: Meters = field(default_factory=Meters)
    tracer: Tracer | None = None
    # Where Temporal's own pages are, such as https://temporal.company.example; only they may have payloads opened.
    temporal_ui: str | None = None

    @property
    def accounts(self) -> Accounts:
        """Who has logged in."""
        return Accounts(self.engine)

    @property
    def sessions(self) -> Sessions:
        """Which browsers are logged in."""
        return Sessions(self.engine)

    @property
    def staff_sessions(self) -> StaffSessions:
        """In which browsers the people who work here are logged in."""
        return StaffSessions(self.engine)

    @property
    def attempts(self) -> Attempts:
        """Which browsers are on their way to a login."""
        return Attempts(self.engine)

    @property
    def feedback(self) -> Feedback:
        """What people say of our help pages."""
        return Feedback(self.engine)

    @property
    def claims(self) -> DeskClaims:
        """Who is at which task of the support desk."""
        return DeskClaims(self.engine)

    @property
    def task_files(self) -> TaskFiles:
        """What is known of a task, and what is noted in its margins."""
        return TaskFiles(self.engine)

    @property
    def questions(self) -> DeskQuestions:
        """What the desk and its customers ask and answer."""
        return DeskQuestions(self.engine, self.document_safe)

    @property
    def replies(self) -> SavedReplies:
        """What is written once and used often."""
        return SavedReplies(self.engine)

    @property
    def desk_statistics(self) -> DeskStatistics:
        """How the desk does."""
        return DeskStatistics(self.engine)

    @property
    def operations(self) -> Operations:
        """What operators see, and what they have done."""
        return Operations(self.engine)

    @property
    def membership_changes(self) -> MembershipChanges:
        """What members decide about members."""
        return MembershipChanges(self.engine)

    @property
    def invitations(self) -> InvitationDesk:
        """How invitations are begun and spoken with."""
        return InvitationDesk(self.signups.client)

    @property
    def join_requests(self) -> JoinDesk:
        """How requests to join are begun and spoken with."""
        return JoinDesk(self.signups.client)

    @property
    def farewells(self) -> FarewellDesk:
        """How accounts are deleted."""
        return FarewellDesk(self.signups.client)

    @property
    def handovers(self) -> Handovers:
        """Signups that are handed to a colleague."""
        return Handovers(self.engine)

    @property
    def company_claims(self) -> ClaimDesk:
        """How claims on companies are begun and spoken with."""
        return ClaimDesk(self.signups.client)

    @property
    def recoveries(self) -> RecoveryDesk:
        """How memberships are asked for under another eID."""
        return RecoveryDesk(self.signups.client)

    @property
    def letters(self) -> LetterDesk:
        """How letters are set going that no process has ordered."""
        return LetterDesk(self.signups.client)

    @property
    def processes(self) -> ProcessDesk:
        """How the processes are."""
        return ProcessDesk(self.signups.client)

    @property
    def matters(self) -> MatterReconciler:
        """What compares open matters among members with processes."""
        return MatterReconciler(self.processes)

    @property
    def reconciler(self) -> Reconciler:
        """What compares rows with processes."""
        return Reconciler(self.processes)

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS; only on this very machine they may not."""
        return urlsplit(self.public_url).scheme == "https"

    def cookie_of(self, door: Door) -> str:
        """The name of a door's cookie; the prefix makes browsers refuse it from anybody but this very host, and without TLS."""
        return f"__Host-{door}" if self.is_https else door.value


def portal_of(request: Request) -> Portal:
    """The portal that a request came to."""
    portal = request.app.state.portal
    if not isinstance(portal, Portal):
        raise TypeError("the application was built without a portal")
    return portal

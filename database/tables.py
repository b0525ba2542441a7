"""Everything that is remembered, as one table each. Ids and times come from the program; a rule that must hold is a constraint."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_index",
    "uq": "%(table_name)s_%(column_0_N_name)s_unique",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    """Names every constraint by convention and keeps every moment with its time zone."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this very attribute
        datetime: TIMESTAMP(timezone=True),
        str: Text,
        list[str]: ARRAY(Text),
        dict[str, dict[str, str]]: JSONB,
        dict[str, str]: JSONB,
    }


class UserAccount(Base):
    """A person who has logged in: what their eID says of them, and how they want to be spoken to."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date]
    language: Mapped[str]
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime]


class EidLink(Base):
    """Which eID opens which account. A subject is the eID's pairwise name for a person, never a national identity number."""

    __tablename__ = "eid_link"
    # The same eID never opens two accounts, and one eID's subject means nothing to another.
    __table_args__ = (UniqueConstraint("scheme", "issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    scheme: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    country: Mapped[str]
    linked_at: Mapped[datetime]


class TermsAcceptance(Base):
    """Who accepted which version of the portal's terms, and when."""

    __tablename__ = "terms_acceptance"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    accepted_at: Mapped[datetime]


class EmailAddress(Base):
    """An address a user has given; the one that is not replaced is theirs now."""

    __tablename__ = "email_address"
    __table_args__ = (
        # A user has one address at a time.
        Index("one_current_email_address", "user_id", unique=True, postgresql_where=text("replaced_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    address: Mapped[str]
    given_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    undeliverable_at: Mapped[datetime | None]


class EmailChallenge(Base):
    """One letter with one code and one link. The secrets are derived from its id and never stored."""

    __tablename__ = "email_challenge"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address_id: Mapped[UUID] = mapped_column(ForeignKey("email_address.id"), index=True)
    issued_at: Mapped[datetime]


class CodeTry(Base):
    """One try at a code, kept under the id of the click that made it so that a repeated click counts once."""

    __tablename__ = "code_try"

    id: Mapped[str] = mapped_column(primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("email_challenge.id"), index=True)
    tried_at: Mapped[datetime]
    outcome: Mapped[str]


class Session(Base):
    """A browser that is logged in. The cookie's value is kept as its SHA-256 only."""

    __tablename__ = "session"

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    # What was typed into a form that could not be taken when it was sent, by the form's path.
    kept: Mapped[dict[str, dict[str, str]]] = mapped_column(server_default=text("'{}'"))


class LoginAttempt(Base):
    """A login on its way to the eID and back: good for one browser, once, for some minutes."""

    __tablename__ = "login_attempt"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    browser_hash: Mapped[str]
    scheme: Mapped[str]
    nonce: Mapped[str]
    code_verifier: Mapped[str]
    return_to: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KeptForm(Base):
    """What an already logged-out browser sent, kept for some minutes until its owner is back."""

    __tablename__ = "kept_form"

    browser_hash: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    fields: Mapped[dict[str, str]]
    kept_at: Mapped[datetime] = mapped_column(index=True)


class Company(Base):
    """What the register said of a company when it was last asked. Public facts only."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("organisation_number ~ '^[0-9]{9}$'", name="number_has_nine_digits"),)

    organisation_number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    form_code: Mapped[str]
    form: Mapped[str]
    address_lines: Mapped[list[str]]
    postcode: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    fetched_at: Mapped[datetime]


class SalesRep(Base):
    """Somebody in sales, the one contact of every company that is theirs."""

    __tablename__ = "sales_rep"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str]
    active: Mapped[bool]
    last_assigned_at: Mapped[datetime | None]


class Profile(Base):
    """A company that is our customer."""

    __tablename__ = "profile"
    __table_args__ = (
        # A company has one live profile.
        Index("one_live_profile", "organisation_number", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"))
    sales_rep_id: Mapped[UUID | None] = mapped_column(ForeignKey("sales_rep.id"), index=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Membership(Base):
    """Who may act for a company here, as what, from when until when."""

    __tablename__ = "membership"
    __table_args__ = (
        # A person is a member of a company once at a time.
        Index("one_open_membership", "profile_id", "user_id", unique=True, postgresql_where=text("ended_at is null")),
        CheckConstraint("role in ('administrator', 'member', 'developer')", name="role_is_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # When they last opened one of this company's pages, to the hour.
    last_seen_at: Mapped[datetime | None]


class Signup(Base):
    """One attempt by one person to open the profile of one company. Where it stands is read from the stage log."""

    __tablename__ = "signup"
    __table_args__ = (
        # A person has one signup open at a time.
        Index("one_open_signup", "user_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_number: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    profile_id: Mapped[UUID | None] = mapped_column(ForeignKey("profile.id"))


class EmploymentEvidence(Base):
    """Why somebody was believed, or not yet, to work where they say. Never anybody else's name."""

    __tablename__ = "employment_evidence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    signup_id: Mapped[UUID] = mapped_column(ForeignKey("signup.id"), index=True)
    verdict: Mapped[str]
    reason: Mapped[str]
    name_match: Mapped[str]
    role_code: Mapped[str | None]
    group_code: Mapped[str | None]
    group_changed: Mapped[date | None]
    rule_version: Mapped[str]
    answer_sha256: Mapped[str]
    fetched_at: Mapped[datetime]


class StageLog(Base):
    """Every step of every process, for ever: a trigger refuses to change or remove one."""

    __tablename__ = "stage_log"
    # A company's steps are numbered one after the other.
    __table_args__ = (UniqueConstraint("organisation_number", "sequence"), Index("stage_log_of_a_process", "process_id", "sequence"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    organisation_number: Mapped[str]
    sequence: Mapped[int]
    process: Mapped[str]
    process_id: Mapped[UUID]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    actor: Mapped[str]
    actor_id: Mapped[UUID | None]
    why: Mapped[str | None]


class Letter(Base):
    """A letter that has to reach somebody, who need not be a user; `unwanted_at` where the user wants none of its kind."""

    __tablename__ = "letter"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    about: Mapped[UUID]
    ordered_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    unwanted_at: Mapped[datetime | None]


class HelpFeedback(Base):
    """Whether somebody found what they looked for in an answer; never who."""

    __tablename__ = "help_feedback"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(index=True)
    found: Mapped[bool]
    comment: Mapped[str]
    language: Mapped[str]
    given_at: Mapped[datetime]

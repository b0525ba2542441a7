"""The tables of cards and of their checks.

Of a person there is ciphertext, a keyed pseudonym and the day the card expires; a reader of every table learns nothing more. What
need not survive a crash of the database is unlogged: it is never on the disk's journal, and nobody waits for the disk.

Most of it is read and written with plain SQL, by `database.checks` first of all; the classes say what there is. An organisation's
number is in every key that matters, so that no row can point into another company.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base

UNLOGGED = {"prefixes": ["UNLOGGED"]}


class Card(Base):
    """A card as its holder's app handed it in: what the issuer signed, and claims that nobody here can open."""

    __tablename__ = "card"
    __table_args__ = (
        CheckConstraint("status in ('active', 'blocked', 'replaced')", name="status_is_known"),
        # A person has one live card; enrolling anew replaces it. Test persons have as many as are asked for.
        Index("one_live_card", "holder_pseudonym", unique=True, postgresql_where=text("status = 'active' and not sandbox")),
    )

    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    # HMAC of the eID's pairwise subject.
    holder_pseudonym: Mapped[bytes] = mapped_column(index=True)
    expires_on: Mapped[date]
    status: Mapped[str]
    # Part of what the ciphertexts are bound to.
    version: Mapped[int]
    issuer_jws: Mapped[str]
    # All small claims, packed; a check that shows no face does not read the portrait's 15 kB.
    sealed: Mapped[bytes]
    portrait: Mapped[bytes | None]
    # Uncompressed point on P-256.
    device_key: Mapped[bytes]
    # X25519: to whom the entries of the holder's log are sealed.
    holder_public_key: Mapped[bytes]
    mailbox_id: Mapped[UUID] = mapped_column(unique=True)
    sandbox: Mapped[bool]
    enrolled_at: Mapped[datetime]


class PresentationRow(Base):
    """A code on a phone: good for one check, for half a minute. Neither the code nor its key is here."""

    __tablename__ = "presentation"
    __table_args__ = (
        # A client's idempotency key stands for one request; only its SHA-256, with the terminal, is kept.
        Index("one_request_per_idempotency_key", "used_by", "idem_hash", unique=True, postgresql_where=text("idem_hash is not null")),
        Index("to_be_emptied", "used_at", postgresql_where=text("used_at is not null and wrapped is not null")),
        CheckConstraint("mode in ('age', 'standard', 'full')", name="mode_is_known"),
        CheckConstraint(
            "(used_at is null) = (used_by is null) and (used_at is null) = (check_id is null)", name="used_by_somebody_in_a_check"
        ),
        UNLOGGED,
    )

    ref_hash: Mapped[bytes] = mapped_column(primary_key=True)
    # Without an index: codes come and go all day and are few, cards go once.
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.card_id", ondelete="CASCADE"))
    # Emptied when the time for a repeat is over.
    wrapped: Mapped[bytes | None]
    mode: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None]
    check_id: Mapped[UUID | None]
    idem_hash: Mapped[bytes | None]
    body_hash: Mapped[bytes | None]
    # How the card stood when the code was used, so that a repeat is answered alike.
    card_status: Mapped[str | None]
    # What the phone hears, once both logs hold the check.
    sealed_entry: Mapped[bytes | None]


class Agreement(Base):
    """What a company may ask cards for, from when until when. Sandbox clients may try it out before it is active."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("status in ('testing', 'active', 'ended')", name="status_is_known"),
        # A company has one agreement at a time.
        Index("one_live_agreement", "organisation_number", unique=True, postgresql_where=text("status <> 'ended'")),
    )

    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[str]
    active_from: Mapped[datetime]
    active_until: Mapped[datetime | None]
    # A chain may name the shop in each request; others' holders see the place's registered name.
    names_shops: Mapped[bool] = mapped_column(server_default=text("false"))


class AgreementPurpose(Base):
    """One purpose for which an agreement lets a company check cards."""

    __tablename__ = "agreement_purpose"
    __table_args__ = (ForeignKeyConstraint(["organisation_number", "agreement_id"], ["agreement.organisation_number", "agreement.id"]),)

    organisation_number: Mapped[str] = mapped_column(primary_key=True)
    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)


class Place(Base):
    """A shop, a bar, a counter: where a company meets people. The holder sees its name."""

    __tablename__ = "place"
    # A global location number is one place of a company, and so is a shop in the register.
    __table_args__ = (UniqueConstraint("organisation_number", "gln"), UniqueConstraint("organisation_number", "shop_number"))

    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    gln: Mapped[str | None]
    # The sub-unit's number in the register, where it is one.
    shop_number: Mapped[str | None]


class Terminal(Base):
    """A till or a scanner. It names itself by its code."""

    __tablename__ = "terminal"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_number", "place_id"], ["place.organisation_number", "place.id"]),
        # A company's terminals have different codes.
        UniqueConstraint("organisation_number", "code"),
    )

    organisation_number: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    place_id: Mapped[UUID]
    code: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    checks_a_minute: Mapped[int] = mapped_column(server_default=text("120"))


class ApiClient(Base):
    """A company's program that calls us. Its secret is kept as its SHA-256, its keys as a JWKS of public ones."""

    __tablename__ = "api_client"
    __table_args__ = (
        UniqueConstraint("organisation_number", "client_id"),
        ForeignKeyConstraint(["organisation_number", "default_terminal_id"], ["terminal.organisation_number", "terminal.id"]),
    )

    client_id: Mapped[str] = mapped_column(primary_key=True)
    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"))
    name: Mapped[str]
    # Meets test persons only; others meet real cards only.
    sandbox: Mapped[bool]
    secret_hash: Mapped[bytes | None]
    jwks: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))
    active: Mapped[bool]
    created_at: Mapped[datetime]
    checks_a_minute: Mapped[int] = mapped_column(server_default=text("6000"))
    # To which the checks of tills count that name no terminal, as the published contract knows none.
    default_terminal_id: Mapped[UUID | None]


class AccessToken(Base):
    """What a client calls us with for some minutes, as its SHA-256."""

    __tablename__ = "access_token"
    __table_args__ = (UNLOGGED,)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("api_client.client_id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    scope: Mapped[str] = mapped_column(server_default=text("''"))


class AssertionUsed(Base):
    """A signed assertion that has been used, by the client or the card that signed it. It is not taken a second time."""

    __tablename__ = "assertion_used"

    signer: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Quota(Base):
    """How many checks a client or a terminal has asked for in the minute that began then."""

    __tablename__ = "quota"
    __table_args__ = (UNLOGGED,)

    subject: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int]

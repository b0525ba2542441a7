"""What the register lists under a company: units, and the shops and departments of all of them. Public facts only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base


class ShopList(Base):
    """When the register last told what there is under a company."""

    __tablename__ = "shop_list"

    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"), primary_key=True)
    fetched_at: Mapped[datetime]


class BranchRow(Base):
    """A unit under a company; `position` is its place when the whole tree is read from top to bottom."""

    __tablename__ = "branch"

    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    depth: Mapped[int]
    position: Mapped[int]


class ShopRow(Base):
    """A shop or department. One that the register has ceased to list stays known while it is a place."""

    __tablename__ = "shop"
    __table_args__ = (Index("shop_of_a_company_by_name", "organisation_number", "name"),)

    organisation_number: Mapped[str] = mapped_column(ForeignKey("company.organisation_number"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    # The unit that it is a shop of: the company itself, or a branch.
    unit_number: Mapped[str]
    name: Mapped[str]
    address_lines: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    postcode: Mapped[str]
    city: Mapped[str]
    closed_on: Mapped[date | None]
    listed: Mapped[bool]

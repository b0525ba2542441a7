"""The letters about a company that has lost its administrators, and about a membership under another eID."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimAnnounced:
    """Tells a member that somebody claims the company; `with_support` when the register does not vouch for them."""

    company_name: str
    name: str
    days: int
    with_support: bool
    path: str


@dataclass(frozen=True, slots=True)
class ClaimReceived:
    """Tells the claimant that the members have been told, and what comes next."""

    company_name: str
    days: int
    with_support: bool
    path: str


@dataclass(frozen=True, slots=True)
class ClaimEnded:
    """Tells the claimant how the claim has ended: granted, objected, rejected or overtaken."""

    company_name: str
    outcome: str
    path: str


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """Tells a member how a claim has ended: granted, objected, rejected, withdrawn or overtaken."""

    company_name: str
    name: str
    outcome: str
    path: str


@dataclass(frozen=True, slots=True)
class RecoveryAsked:
    """Asks whoever reads a member's address whether it is they who ask for the membership with another eID."""

    company_name: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class RecoveryToApprove:
    """Asks an administrator whether the one with another eID is their colleague of old."""

    company_name: str
    name: str
    old_name: str
    path: str


@dataclass(frozen=True, slots=True)
class RecoveryEnded:
    """Tells both addresses what became of a membership that was asked for: granted, declined or expired. `you` are the one who asked."""

    company_name: str
    name: str
    outcome: str
    you: bool
    path: str

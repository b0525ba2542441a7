"""`python -m demo.seeds`: the few things that are there before the first customer comes."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from database.card_tables import Agreement, AgreementPurpose, ApiClient, Place, Terminal
from database.check_log_tables import CheckLog, CheckLogQueue
from database.connection import build_engine
from database.tables import Base, Company, EidLink, EmailAddress, Membership, Profile, SalesRep, TermsAcceptance, UserAccount
from demo.history import ids_of, past_checks
from demo.shops import COMPANIES, CustomerCompany, secrets_in
from domain.api_access import credential_hash
from domain.terms import CURRENT_TERMS
from settings import PageSettings
from stand_ins.brreg import Register
from stand_ins.people import SCHEMES, personas

# Derived ids, so that sowing twice changes nothing.
SEEDS = UUID("7d1f3a52-6c0e-5b8a-9c55-3f1f0a8f4a11")
SOWN = datetime(2026, 9, 1, 7, tzinfo=UTC)
ADMINISTRATOR = "tuva"
SALES_REPS = {
    "Astrid Solheim": "+47 21 00 00 01",
    "Mikkel Eira": "+47 21 00 00 02",
    "Yasmin Haddad": "+47 21 00 00 03",
    "Torbjørn Lie": "+47 21 00 00 04",
}


def sales_reps() -> list[dict[str, object]]:
    """List the people who get the new companies in turn."""
    return [
        {"id": uuid5(SEEDS, name), "name": name, "email": f"{_before_at(name)}@skranke.example", "phone": phone, "active": True}
        for name, phone in SALES_REPS.items()
    ]


async def sow(url: str, secrets: Mapping[str, str] | None = None, eid_issuer: str = "") -> None:
    """Add to the database what is missing; what is there stays as it is.

    `secrets` are what the companies' programs log in with; without them there are no such companies.
    """
    engine = build_engine(url, program="skranke-seeds")
    try:
        async with engine.begin() as connection:
            await _add(connection, SalesRep, *sales_reps())
            for company in COMPANIES if secrets else ():
                await _sow_company(connection, company, secrets or {})
            if secrets:
                await _sow_administrator(connection, eid_issuer)
    finally:
        await engine.dispose()


async def _add(connection: AsyncConnection, table: type[Base], *rows: Mapping[str, object]) -> None:
    await connection.execute(insert(table).values(rows).on_conflict_do_nothing())


async def _sow_company(connection: AsyncConnection, company: CustomerCompany, secrets: Mapping[str, str]) -> None:
    """A customer with a profile, an agreement, places with tills, and two programs."""
    whose, agreement = {"organisation_number": company.number}, _id(company.slug, "agreement")
    await _add(connection, Company, _in_the_register(company.number))
    await _add(connection, Profile, {**whose, "id": _id(company.slug, "profile"), "sales_rep_id": sales_reps()[0]["id"], "opened_at": SOWN})
    await _add(connection, Agreement, {**whose, "id": agreement, "status": "active", "active_from": SOWN})
    await _add(connection, AgreementPurpose, *({**whose, "agreement_id": agreement, "purpose": purpose} for purpose in company.purposes))
    for shop in company.shops:
        place = _id(company.slug, shop.gln)
        await _add(connection, Place, {**whose, "id": place, "name": shop.name, "gln": shop.gln})
        await _add(
            connection, Terminal, *({**whose, "id": _id(company.slug, code), "place_id": place, "code": code} for code in shop.tills)
        )
    await _sow_history(connection, company)
    programs = (
        {
            **whose,
            "client_id": client,
            "name": client,
            "sandbox": sandbox,
            "secret_hash": credential_hash(secrets[client]),
            "active": True,
            "created_at": SOWN,
            "default_terminal_id": _id(company.slug, company.shops[0].tills[0]),
        }
        for client, sandbox in company.clients.items()
    )
    await _add(connection, ApiClient, *programs)


async def _sow_history(connection: AsyncConnection, company: CustomerCompany) -> None:
    """Past checks, where a company has none yet."""
    if await connection.scalar(select(CheckLog.check_id).where(CheckLog.organisation_number == company.number).limit(1)):
        return
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    past = list(past_checks(company, ids_of(company, SEEDS), midnight))
    await connection.execute(insert(CheckLog), past)
    await connection.execute(insert(CheckLogQueue), [{"check_id": check["check_id"]} for check in past])


async def _sow_administrator(connection: AsyncConnection, eid_issuer: str) -> None:
    """One of the personas is through with everything and an administrator of the first company."""
    who, user = personas()[ADMINISTRATOR], _id(ADMINISTRATOR, "user")
    subject = SCHEMES[who.eid].claims(who)["uniqueuserid"]
    account = {
        "given_name": who.given_name,
        "family_name": who.family_name,
        "birth_date": datetime.fromisoformat(who.birthdate or "").date(),
    }
    await _add(connection, UserAccount, {**account, "id": user, "language": "nb", "created_at": SOWN, "last_login_at": SOWN})
    link = {"scheme": who.eid, "issuer": eid_issuer, "subject": subject, "country": "NO", "linked_at": SOWN}
    await _add(connection, EidLink, {**link, "id": _id(ADMINISTRATOR, eid_issuer), "user_id": user})
    await _add(connection, TermsAcceptance, {"user_id": user, "version": CURRENT_TERMS, "accepted_at": SOWN})
    address = {"address": f"{who.id}@jordnaer.example", "given_at": SOWN, "confirmed_at": SOWN}
    await _add(connection, EmailAddress, {**address, "id": _id(ADMINISTRATOR, "address"), "user_id": user})
    membership = {"profile_id": _id(COMPANIES[0].slug, "profile"), "user_id": user, "role": "administrator", "since": SOWN}
    await _add(connection, Membership, {**membership, "id": _id(ADMINISTRATOR, "membership")})


def _in_the_register(number: str) -> Mapping[str, object]:
    unit = Register.invented().units[number]
    address = unit["forretningsadresse"]
    return {
        "organisation_number": number,
        "name": unit["navn"],
        "form_code": unit["organisasjonsform"]["kode"],
        "form": unit["organisasjonsform"]["beskrivelse"],
        "address_lines": address["adresse"],
        "postcode": address["postnummer"],
        "city": address["poststed"],
        "country": address["land"],
        "fetched_at": SOWN,
    }


def _id(whose: str, what: str) -> UUID:
    return uuid5(SEEDS, f"{whose}/{what}")


def _before_at(name: str) -> str:
    return name.lower().replace("ø", "o").replace(" ", ".")


def main() -> None:
    """Sow into the database that the surroundings name."""
    parser = ArgumentParser(prog="python -m demo.seeds", description=__doc__)
    parser.add_argument("--tills-file", type=Path, help="what the companies' programs log in with; without it there are none")
    told, settings = parser.parse_args(), PageSettings()
    asyncio.run(sow(settings.database_url, secrets_in(told.tills_file) if told.tills_file else None, settings.eid_issuer))


if __name__ == "__main__":
    main()

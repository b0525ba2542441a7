"""A company's shops: what the register listed, and which of them are places where terminals stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Row, Select, delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.card_tables import Place, Terminal
from database.shop_tables import BranchRow, ShopList, ShopRow
from database.stage_log import write_step
from domain.company import Address
from domain.ids import ProfileId, UserId, derived
from domain.organisation_number import OrganisationNumber
from domain.shops import Below, NoSuchShop, Shop, TerminalStandsThere, in_order
from domain.stages import Actor, Process, Stage, Step

ON_A_PAGE = 50
# How many names of places a refusal has room for.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class ShopView:
    """A shop as its company sees it. `unit` is the branch that it belongs to, None for the company's own."""

    number: str
    name: str
    unit: str | None
    address_lines: Sequence[str]
    postcode: str
    city: str
    closed_on: date | None
    listed: bool
    chosen: bool
    terminals: int


@dataclass(frozen=True, slots=True)
class BranchView:
    """A unit under the company, and how deep under it."""

    number: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class ShopsView:
    """One page of a company's shops; `found` of them answer the search, `known` there are, `chosen` are places.

    `fetched_at` is None as long as the register has never been asked.
    """

    fetched_at: datetime | None
    shops: Sequence[ShopView]
    branches: Sequence[BranchView]
    found: int
    known: int
    chosen: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.found // ON_A_PAGE))

    @property
    def groups(self) -> Sequence[tuple[BranchView | None, Sequence[ShopView]]]:
        """The shops of this page under the branches that they belong to; the company's own come first."""
        branches = {branch.number: branch for branch in self.branches}
        return [(branches[unit] if unit else None, list(shops)) for unit, shops in groupby(self.shops, key=attrgetter("unit"))]


@dataclass(frozen=True, slots=True)
class Choosing:
    """An administrator makes these shops places, or places no longer; `click` is the click's own id."""

    profile: ProfileId
    number: OrganisationNumber
    shops: Collection[str]
    by: UserId
    click: str


async def keep_below(engine: AsyncEngine, company: OrganisationNumber, below: Below, at: datetime) -> None:
    """Keep what the register lists under a company in place of what it listed before. An older answer never replaces a newer one."""
    number = company.value
    kept = insert(ShopList).values(organisation_number=number, fetched_at=at)
    newer = kept.on_conflict_do_update(
        index_elements=[ShopList.organisation_number], set_={"fetched_at": at}, where=ShopList.fetched_at < at
    )
    branches = [
        {"number": branch.unit.number.value, "name": branch.unit.name, "depth": branch.depth, "position": position}
        for position, branch in enumerate(in_order(company, below.units), start=1)
    ]
    async with engine.begin() as connection:
        if await connection.scalar(newer.returning(ShopList.fetched_at)) is None:
            return
        await connection.execute(delete(BranchRow).where(BranchRow.organisation_number == number))
        if branches:
            await connection.execute(insert(BranchRow), [{"organisation_number": number, **branch} for branch in branches])
        await _keep_shops(connection, number, below.shops)


async def shops_view(engine: AsyncEngine, company: OrganisationNumber, q: str, page: int) -> ShopsView:
    """Read one page of a company's shops, the company's own first and then branch by branch; a page that is not there is the last."""
    of_company = ShopRow.organisation_number == company.value
    shown = of_company & (ShopRow.listed | Place.id.is_not(None))
    counts = select(func.count().label("known"), func.count(Place.id).label("chosen"), func.count().filter(_answers(q)).label("found"))
    async with engine.connect() as connection:
        fetched_at = await connection.scalar(select(ShopList.fetched_at).where(ShopList.organisation_number == company.value))
        counted = (await connection.execute(_with_places(counts).where(shown))).one()
        last = max(1, -(-counted.found // ON_A_PAGE))
        page = min(max(page, 1), last)
        rows = await connection.execute(_shops().where(shown, _answers(q)).limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE))
        shops = [_shop(row) for row in rows]
        branches = await connection.execute(
            select(BranchRow).where(BranchRow.organisation_number == company.value).order_by(BranchRow.position)
        )
        listed = [BranchView(row.number, row.name, row.depth) for row in branches]
    return ShopsView(fetched_at, shops, listed, counted.found, counted.known, counted.chosen, page)


async def shops_found(engine: AsyncEngine, company: OrganisationNumber, q: str) -> Sequence[str]:
    """List the numbers of every open shop that a search finds, on all pages."""
    open_ones = (ShopRow.organisation_number == company.value) & ShopRow.listed & ShopRow.closed_on.is_(None)
    async with engine.connect() as connection:
        return (await connection.scalars(select(ShopRow.number).where(open_ones, _answers(q)))).all()


async def choose(engine: AsyncEngine, choosing: Choosing, at: datetime) -> None:
    """Make shops places where terminals can stand; those that are already stay so. Raises NoSuchShop when one is not open."""
    async with engine.begin() as connection:
        await _one_at_a_time(connection, choosing)
        mine = (ShopRow.organisation_number == choosing.number.value) & ShopRow.number.in_(choosing.shops)
        rows = (await connection.execute(select(ShopRow).where(mine, ShopRow.listed, ShopRow.closed_on.is_(None)))).all()
        if {row.number for row in rows} != set(choosing.shops):
            raise NoSuchShop
        places = [{"organisation_number": choosing.number.value, "id": _place_id(row), "name": row.name} for row in rows]
        made = insert(Place).on_conflict_do_nothing().returning(Place.id)
        numbered = [{**place, "shop_number": row.number} for place, row in zip(places, rows, strict=True)]
        new = (await connection.execute(made.values(numbered))).all()
        await _log(connection, choosing, Stage.PLACES_CHOSEN if new else None, at)


async def unchoose(engine: AsyncEngine, choosing: Choosing, at: datetime) -> None:
    """Make shops places no longer. Raises TerminalStandsThere, and leaves everything as it is, where a terminal stands."""
    of_company = Place.organisation_number == choosing.number.value
    async with engine.begin() as connection:
        await _one_at_a_time(connection, choosing)
        chosen = of_company & Place.shop_number.in_(choosing.shops)
        # Whoever sets a terminal up locks its place for sharing, so it waits for this, or this for it.
        places = (await connection.execute(select(Place.id, Place.name).where(chosen).order_by(Place.name).with_for_update())).all()
        standing = Terminal.place_id.in_([place.id for place in places]) & (Terminal.organisation_number == choosing.number.value)
        taken = set(await connection.scalars(select(Terminal.place_id).where(standing)))
        names = [place.name for place in places if place.id in taken]
        if names:
            raise TerminalStandsThere(places=", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else ""))
        await connection.execute(delete(Place).where(of_company, Place.id.in_([place.id for place in places])))
        await _log(connection, choosing, Stage.PLACES_TAKEN_BACK if places else None, at)


async def _keep_shops(connection: AsyncConnection, number: str, shops: Sequence[Shop]) -> None:
    await connection.execute(update(ShopRow).where(ShopRow.organisation_number == number).values(listed=False))
    if shops:
        row = insert(ShopRow)
        fresh = {name: row.excluded[name] for name in ("unit_number", "name", "address_lines", "postcode", "city", "closed_on", "listed")}
        keys = [ShopRow.organisation_number, ShopRow.number]
        await connection.execute(row.on_conflict_do_update(index_elements=keys, set_=fresh), [_row(number, shop) for shop in shops])
    places = select(Place.shop_number).where(Place.organisation_number == number, Place.shop_number.is_not(None))
    gone = ShopRow.listed.is_(False) & ShopRow.number.not_in(places)
    await connection.execute(delete(ShopRow).where(ShopRow.organisation_number == number, gone))
    # The holder of a card sees the place's name, so it follows the register.
    renamed = (
        (Place.organisation_number == ShopRow.organisation_number) & (Place.shop_number == ShopRow.number) & (Place.name != ShopRow.name)
    )
    await connection.execute(update(Place).where(Place.organisation_number == number, renamed).values(name=ShopRow.name))


def _row(company: str, shop: Shop) -> dict[str, object]:
    address = shop.address or Address((), "", "", "")
    return {
        "organisation_number": company,
        "number": shop.number.value,
        "unit_number": shop.of.value,
        "name": shop.name,
        "address_lines": list(address.lines),
        "postcode": address.postcode,
        "city": address.city,
        "closed_on": shop.closed_on,
        "listed": True,
    }


def _place_id(row: Row[ShopRow]) -> object:
    return derived(row.organisation_number, f"shop {row.number}")


async def _one_at_a_time(connection: AsyncConnection, choosing: Choosing) -> None:
    key = f"places {choosing.number}"
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


async def _log(connection: AsyncConnection, choosing: Choosing, stage: Stage | None, at: datetime) -> None:
    if stage is None:
        return
    step = derived(choosing.click, f"{choosing.profile} {stage} {' '.join(sorted(choosing.shops))}")
    what = Step(step, choosing.profile, choosing.number.value, stage, Actor.CUSTOMER, choosing.by, None, Process.PLACES)
    await write_step(connection, what, at)


def _answers(q: str) -> ColumnElement[bool]:
    words = q.split()
    if not words:
        return true()
    number = "".join(words)
    spoken = func.concat_ws(" ", ShopRow.name, func.array_to_string(ShopRow.address_lines, " "), ShopRow.postcode, ShopRow.city)
    found: ColumnElement[bool] = true()
    for word in words:
        found &= spoken.icontains(word, autoescape=True)
    return or_(found, ShopRow.number == number)


def _with_places(query: Select[int, int, int] | Select[ShopRow]) -> Select:  # type: ignore[type-arg]  # of whatever is selected
    place = (Place.organisation_number == ShopRow.organisation_number) & (Place.shop_number == ShopRow.number)
    return query.select_from(ShopRow).join(Place, place, isouter=True)


def _shops() -> Select:  # type: ignore[type-arg]  # a shop, its place and its branch
    standing = (Terminal.organisation_number == Place.organisation_number) & (Terminal.place_id == Place.id)
    terminals = select(func.count()).select_from(Terminal).where(standing).correlate(Place).scalar_subquery()
    branch = (BranchRow.organisation_number == ShopRow.organisation_number) & (BranchRow.number == ShopRow.unit_number)
    query = select(ShopRow, Place.id.label("place"), terminals.label("terminals"), BranchRow.number.label("branch"))
    query = _with_places(query).join(BranchRow, branch, isouter=True)
    return query.order_by(BranchRow.position.nulls_first(), ShopRow.name, ShopRow.number)


def _shop(row: Row) -> ShopView:  # type: ignore[type-arg]  # as `_shops` selects it
    return ShopView(
        number=row.number,
        name=row.name,
        unit=row.branch,
        address_lines=row.address_lines,
        postcode=row.postcode,
        city=row.city,
        closed_on=row.closed_on,
        listed=row.listed,
        chosen=row.place is not None,
        terminals=row.terminals if row.place is not None else 0,
    )

"""The sandbox for whoever writes a till: people who do not exist show codes that can be scanned."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.callers import Caller
from api.counter import Counter, counter_of
from api.gates import Gate
from api.sandbox_cards import SandboxCards
from api.sandbox_document import CODE_DOCUMENT, JSON, PERSONS_DOCUMENT, PNG, SVG
from api.sandbox_persons import PERSONS, SandboxPerson
from database.api_clients import KnownCaller
from database.cards import NewCode
from database.sandbox import SandboxStore
from domain.cards.ages import age_on, oslo_date
from domain.cards.claims import Mode
from domain.cards.codes import CardCode, new_code
from domain.cards.keys import grant, wrap
from domain.cards.patience import CODE_LIVES
from domain.cards.refusals import RateLimited
from domain.languages import Language
from domain.requests import NotAcceptable, NothingHere
from gateways.catalogues import translate

# More than a program tries out by itself, and far fewer than would fill a table.
CODES_AT_ONCE, CODES_COME_BACK_IN = 120, timedelta(minutes=1)
MODULE_PIXELS, QUIET_ZONE = 8, 4

router = APIRouter(tags=["Sandbox"])


@dataclass(frozen=True, slots=True)
class SandboxDesk:
    """The sandbox's side of one server process."""

    cards: SandboxCards
    store: SandboxStore
    gate: Gate = field(default_factory=lambda: Gate(CODES_AT_ONCE, CODES_COME_BACK_IN))

    @classmethod
    def at(cls, counter: Counter) -> SandboxDesk:
        """Set it up with the counter's parts."""
        return cls(SandboxCards(counter.sandbox_key), SandboxStore(counter.pool))

    async def show(self, person: SandboxPerson, mode: Mode, now: datetime, lives: timedelta = CODE_LIVES) -> CardCode:
        """Let somebody show a code, for half a minute if not said. Their card is made first where there is none of today."""
        day, card_id = oslo_date(now), self.cards.card_id(person)
        if await self.store.version(card_id) != self.cards.version_on(day):
            await self.store.keep(self.cards.made(person, day, now), blocked=person.is_blocked)
        code = new_code()
        wrapped = wrap(code, grant(self.cards.card_key(person), mode), card_id)
        await self.store.show(NewCode(code.reference_hash, card_id, wrapped, mode.value, now + lives))
        return code


def sandbox_desk_of(request: Request) -> SandboxDesk:
    """The desk that a request came to."""
    desk = request.app.state.sandbox_desk
    if not isinstance(desk, SandboxDesk):
        raise TypeError("the application was built without a sandbox")
    return desk


async def sandbox_caller(caller: Caller) -> KnownCaller:
    """A client of the sandbox. For those who check real cards there is nothing here. Raises Unauthorized and NothingHere."""
    if not caller.sandbox:
        raise NothingHere
    return caller


SandboxCaller = Annotated[KnownCaller, Depends(sandbox_caller)]


@router.get("/v1/sandbox/persons", summary="List the test persons", responses=PERSONS_DOCUMENT)
async def persons(request: Request, _: SandboxCaller) -> Response:
    """Everybody in the sandbox, with what they are there for. `mode` is what they show if nothing else is asked for."""
    day = oslo_date(counter_of(request).wall_clock.now())
    return JSONResponse({"persons": [_told(person, day) for person in PERSONS.values()]})


@router.post(
    "/v1/sandbox/persons/{n}/presentations",
    status_code=201,
    summary="Let a test person show a code",
    responses=CODE_DOCUMENT,
)
async def show(
    request: Request,
    caller: SandboxCaller,
    n: Annotated[int, Path(description="The person's number.")],
    mode: Annotated[Mode | None, Query(description="What they let the code open; the person's own choice if not said.")] = None,
) -> Response:
    """A code that can be checked once within half a minute: as text, or by `Accept` as the picture that a phone would show."""
    now, wanted = counter_of(request).wall_clock.now(), _wanted(request.headers.get("accept", ""))
    person = called_for(request, caller, n)
    code = await sandbox_desk_of(request).show(person, mode or person.mode, now)
    expires_at = (now + CODE_LIVES).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return _answered(code.text(), expires_at, wanted)


def called_for(request: Request, caller: KnownCaller, n: int) -> SandboxPerson:
    """The test person with this number, who is asked to show a code. Raises NothingHere, and RateLimited for a program that runs wild."""
    gate, who = sandbox_desk_of(request).gate, caller.client_id.encode()
    if n not in PERSONS:
        raise NothingHere
    if gate.wait(who):
        raise RateLimited
    gate.count(who)
    return PERSONS[n]


def _told(person: SandboxPerson, day: date) -> dict[str, object]:
    born = person.born(day)
    return {
        "n": person.n,
        "name": f"{person.given_name} {person.family_name}",
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birthdate": born.isoformat(),
        "age": age_on(born, day),
        "mode": person.mode.value,
        "about": {language.value: translate(language, person.about) for language in Language},
    }


def _wanted(accept: str) -> str:
    """Choose among the three forms the one that the caller likes best. Raises NotAcceptable."""
    liked = {kind.strip().lower(): _quality(words) for kind, _, words in (part.partition(";") for part in (accept or "*/*").split(","))}
    best = max((JSON, SVG, PNG), key=lambda form: _liking(form, liked))
    if _liking(best, liked) <= 0:
        raise NotAcceptable(offered=f"{JSON}, {PNG}, {SVG}")
    return best


def _liking(form: str, liked: dict[str, float]) -> float:
    return liked.get(form, liked.get(f"{form.partition('/')[0]}/*", liked.get("*/*", 0.0)))


def _quality(words: str) -> float:
    for word in words.split(";"):
        name, _, value = word.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _answered(text: str, expires_at: str, form: str) -> Response:
    headers = {"Expires-At": expires_at}
    if form == JSON:
        return JSONResponse({"qr": text, "expires_at": expires_at}, 201, headers)
    return Response(pictured(text, form), 201, headers, form)


def pictured(text: str, form: str = PNG) -> bytes:
    """Draw a code as a phone would show it, as PNG or SVG."""
    picture = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(picture, kind="png" if form == PNG else "svg", scale=MODULE_PIXELS, border=QUIET_ZONE, light="#fff")
    return picture.getvalue()

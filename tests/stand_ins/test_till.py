"""A till shows what it was told and nothing else, and nothing at all when something is wrong."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stand_ins.till import CardCheck, NotVerified, Shop, Told, till_app

PICTURE = base64.b64encode(b"\xff\xd8 no more than a beginning").decode()
SHOP = Shop("kiosk-1", "Viddeby Kiosk AS", "Kiosken", "kasse-1", "client", "secret", ("alcohol_18", "parcel_pickup"))
CODE = "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7"
OLD_ENOUGH: Mapping[str, Any] = {
    "check_id": "019",
    "purpose": "alcohol_18",
    "result": "ok",
    "claims": {"age_over_18": True, "portrait": {"type": "image/jpeg", "data": PICTURE}},
    "display_for_s": 20,
    "match_code": "47",
    "receipt": "a.b.c",
}
USED = {"code": "qr_used", "till_text": {"nb": "Koden er allerede brukt. Be kunden lage ny", "en": "The code has been used."}}

WRONG: Mapping[str, Response | type[Exception]] = {
    "refusal without words": JSONResponse({"code": "unavailable"}, 503),
    "another result than ok": JSONResponse({**OLD_ENOUGH, "result": "card_expired"}),
    "yes as text": JSONResponse({**OLD_ENOUGH, "claims": {"age_over_18": "true"}}),
    "yes as a number": JSONResponse({**OLD_ENOUGH, "claims": {"age_over_18": 1}}),
    "an age that is none": JSONResponse({**OLD_ENOUGH, "claims": {"age_over_x": True}}),
    "claims as a list": JSONResponse({**OLD_ENOUGH, "claims": ["age_over_18"]}),
    "a picture with scripts": JSONResponse({**OLD_ENOUGH, "claims": {"portrait": {"type": "image/svg+xml", "data": PICTURE}}}),
    "a picture that is none": JSONResponse({**OLD_ENOUGH, "claims": {"portrait": {"type": "image/jpeg", "data": "<>"}}}),
    "nearly nothing": JSONResponse({"result": "ok"}),
    "words as text": JSONResponse({"code": "qr_used", "till_text": "used"}, 409),
    "a list": JSONResponse([]),
    "no JSON": Response("<!doctype html><title>Vedlikehold</title>"),
    "a fault": Response(b"", 500),
    "too slow": httpx2.ReadTimeout,
    "nobody there": httpx2.ConnectError,
}


@dataclass
class Api:
    """The card check, answering as it is told to; remembers what it was asked, and by which tokens."""

    answers: list[Response | type[Exception]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    tokens: int = 0

    async def token(self, request: Request) -> Response:
        """Grant a token to who knows the secret."""
        assert request.headers["authorization"] == "Basic " + base64.b64encode(b"client:secret").decode()
        self.tokens += 1
        return JSONResponse({"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 300})

    async def check(self, request: Request) -> Response:
        """Say what comes next."""
        self.asked.append((request.headers["authorization"], request.headers["idempotency-key"], await request.json()))
        answer = self.answers.pop(0)
        if isinstance(answer, Response):
            return answer
        raise answer

    def app(self) -> Starlette:
        """Serve the two."""
        return Starlette(routes=[Route("/oauth2/token", self.token, methods=["POST"]), Route("/v1/checks", self.check, methods=["POST"])])


@pytest.fixture
def api() -> Api:
    """A card check that a test tells what to say."""
    return Api()


@pytest.fixture
async def http(api: Api) -> AsyncIterator[httpx2.AsyncClient]:
    """The way to it."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(api.app()), base_url="http://api.example") as client:
        yield client


@pytest.fixture
async def till(http: httpx2.AsyncClient, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The page of a till."""
    shop = {name: getattr(SHOP, name) for name in ("id", "company", "place", "terminal", "client_id", "client_secret", "purposes")}
    (tmp_path / "shops.json").write_text(json.dumps([shop]))
    app = till_app(http, tmp_path / "shops.json")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://till.example") as browser:
        yield browser


async def test_it_shows_what_it_was_told(till: httpx2.AsyncClient, api: Api) -> None:
    """The age in words, the picture, and the number that stands on the phone too."""
    api.answers = [JSONResponse(OLD_ENOUGH)]

    shown = await till.post("/tills/kiosk-1", data={"visit": "1", "purpose": "alcohol_18", "qr": CODE})

    assert all(words in shown.text for words in ("Over 18 år", f"data:image/jpeg;base64,{PICTURE}", ">47<"))
    assert "no-store" == shown.headers["cache-control"]
    assert CODE not in shown.text


async def test_an_under_age_customer_is_told_apart_by_words(till: httpx2.AsyncClient, api: Api) -> None:
    """Not by a colour alone."""
    api.answers = [JSONResponse({**OLD_ENOUGH, "claims": {"age_over_18": False}})]

    shown = await till.post("/tills/kiosk-1", data={"visit": "1", "purpose": "alcohol_18", "qr": CODE})

    assert "Under 18 år" in shown.text
    assert "Over 18 år" not in shown.text


async def test_a_refusal_is_said_in_the_words_of_the_check(till: httpx2.AsyncClient, api: Api) -> None:
    """A till that words refusals itself says yesterday's."""
    api.answers = [JSONResponse(USED, 409)]

    shown = await till.post("/tills/kiosk-1", data={"visit": "1", "purpose": "alcohol_18", "qr": CODE})

    assert "Ikke bekreftet" in shown.text
    assert USED["till_text"]["nb"] in shown.text  # type: ignore[index]  # a mapping in a mapping


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
async def test_whatever_is_wrong_is_not_verified(http: httpx2.AsyncClient, api: Api, answer: Response | type[Exception]) -> None:
    """A till that guesses sells to children."""
    api.answers = [answer, answer] if isinstance(answer, Response) else [answer("gone"), answer("gone")]  # type: ignore[list-item]  # raised as they are

    assert isinstance(await CardCheck(http).check(SHOP, CODE, "alcohol_18", "1"), NotVerified)


async def test_it_asks_again_under_the_same_key(http: httpx2.AsyncClient, api: Api) -> None:
    """The code was used up by the first time, and only the same key gets its answer again."""
    api.answers = [JSONResponse({"code": "unavailable"}, 503), JSONResponse(OLD_ENOUGH)]

    told = await CardCheck(http).check(SHOP, CODE, "alcohol_18", "1")

    assert isinstance(told, Told)
    assert api.asked[0][1:] == api.asked[1][1:]


async def test_it_logs_in_once_for_many_customers_and_again_when_it_must(http: httpx2.AsyncClient, api: Api) -> None:
    """A token lives for minutes; one that is refused is thrown away."""
    check = CardCheck(http)
    api.answers = [
        JSONResponse(OLD_ENOUGH),
        JSONResponse(OLD_ENOUGH),
        JSONResponse({"code": "unauthorized"}, 401),
        JSONResponse(OLD_ENOUGH),
    ]
    for visit in ("1", "2", "3"):
        await check.check(SHOP, CODE, "alcohol_18", visit)

    assert ["Bearer token-1"] * 3 + ["Bearer token-2"] == [token for token, _, _ in api.asked]


async def test_two_customers_are_two_questions(http: httpx2.AsyncClient, api: Api) -> None:
    """Another customer under the first one's key would be shown the first one's answer."""
    api.answers = [JSONResponse(OLD_ENOUGH), JSONResponse(OLD_ENOUGH)]
    await asyncio.gather(*(CardCheck(http).check(SHOP, code, "alcohol_18", "1") for code in (CODE, CODE[::-1])))

    assert 2 == len({key for _, key, _ in api.asked})

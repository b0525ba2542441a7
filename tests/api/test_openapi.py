"""The API's document says what the API does, and the API does nothing else, whatever is sent to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from starlette.routing import BaseRoute

from api.app import PLACES, build_api
from api.counter import Counter
from domain.cards.refusals import CheckRefusal
from domain.requests import RequestRefusal

HEALTH = {"/healthz", "/readyz"}


@pytest.fixture
async def written(http: httpx2.AsyncClient) -> Mapping[str, Any]:
    """The document, as anybody gets it."""
    told: Mapping[str, Any] = (await http.get("/v1/openapi.json")).json()
    return told


def operations(written: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every operation of the document, by its method and path."""
    for path, methods in written["paths"].items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in methods.items())


async def test_every_operation_is_summed_up_and_says_how_it_is_refused(written: Mapping[str, Any]) -> None:
    """A list of addresses is no documentation."""
    without = [name for name, operation in operations(written) if not operation.get("summary") or not operation.get("description")]
    never_refused = [name for name, operation in operations(written) if not any(int(status) >= 400 for status in operation["responses"])]

    assert [] == without
    assert [] == never_refused


async def test_a_refusal_is_a_problem_with_an_example(written: Mapping[str, Any]) -> None:
    """And its code is one that can happen. The token endpoint alone answers as OAuth wants it."""
    known = {refusal.wire_code for base in (CheckRefusal, RequestRefusal) for refusal in base.__subclasses__()}
    for name, operation in operations(written):
        for status, response in operation["responses"].items():
            if int(status) >= 400 and not (name == "POST /oauth2/token" and int(status) < 429):
                told = response["content"]["application/problem+json"]
                assert {"$ref": "#/components/schemas/Problem"} == told["schema"], name
                assert told["examples"].keys() <= known, name
                assert {int(status)} == {example["value"]["status"] for example in told["examples"].values()}, name


def told_in(operation: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every form of what an operation is sent and answers, with the status of an answer."""
    yield from ((f"request {kind}", told) for kind, told in operation.get("requestBody", {}).get("content", {}).items())
    for status, response in operation["responses"].items():
        yield from ((f"{status} {kind}", told) for kind, told in response.get("content", {}).items())


async def test_everything_that_is_sent_and_answered_has_an_example_that_fits(written: Mapping[str, Any]) -> None:
    """Most people read nothing else; an example that the document itself would refuse would be worse than none."""
    without, wrong = [], []
    for name, operation in operations(written):
        for place, told in told_in(operation):
            examples = [example["value"] for example in told.get("examples", {}).values()] + (
                [told["example"]] if "example" in told else []
            )
            form = jsonschema_rs.validator_for({"components": written["components"], **told.get("schema", {"not": {}})})
            without += [] if examples else [f"{name} {place}"]
            wrong += [f"{name} {place}: {error.message}" for example in examples for error in form.iter_errors(example)]

    assert [] == without
    assert [] == wrong


async def test_what_fastapi_would_say_is_said_nowhere(written: Mapping[str, Any]) -> None:
    """Its own refusal repeats what was sent."""
    assert "HTTPValidationError" not in str(written)


def test_every_route_stands_where_the_front_door_looks_for_the_api(counter: Counter) -> None:
    """Another one would never be reached, unless the pages have it too."""
    paths = [getattr(route, "path", None) for route in routes_of(build_api(counter).routes)]

    assert paths
    assert [] == [path for path in paths if path and not path.startswith(PLACES) and path not in HEALTH]


def routes_of(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, also those of routers within."""
    for route in routes:
        yield route
        yield from routes_of(getattr(route, "routes", None) or [])

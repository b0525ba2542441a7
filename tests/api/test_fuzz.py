"""Requests that nobody thought of."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, cycle
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from api.app import build_api
from api.counter import Counter as Parts
from stand_ins.serving import served
from tests.api.merchants import NUMBERS, Merchant, open_shop

CHECKED = [content_type_conformance, response_schema_conformance, status_code_conformance]


def send_to(operation: APIOperation[Any, Any, Any, Any], url: str, examples: int, headers: Iterator[Mapping[str, str]]) -> Counter[str]:
    """Send so many requests to one operation, such as fit the document and such as do not; how many there were of each answer."""
    answers: Counter[str] = Counter()
    fitting, others = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @seed(20261122)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(fitting | others)
    def send(case: Case[Any]) -> None:
        answer = case.call(base_url=url, headers=dict(next(headers)), timeout=10)
        answers[f"{answer.status_code} {operation.label}"] += 1
        case.validate_response(answer, checks=CHECKED)

    send()
    return answers


def fuzz(url: str, written: Mapping[str, Any], tokens: Sequence[str], examples: int) -> Counter[str]:
    """Send so many requests to every operation, with each token in turn and without any, each from an address of its own."""
    bearing = cycle(({}, *({"Authorization": f"Bearer {token}"} for token in tokens)))
    headers = (next(bearing) | {"X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"} for n in count())
    answers: Counter[str] = Counter()
    for found in schemathesis.openapi.from_dict(dict(written)).get_all_operations():
        assert isinstance(found, Ok), found
        answers += send_to(found.ok(), url, examples, headers)
    return answers


@pytest.mark.parametrize("examples", [pytest.param(20, id="few"), pytest.param(1500, id="many", marks=pytest.mark.soak)])
async def test_whatever_is_sent_is_answered_as_the_document_says(counter: Parts, http: httpx2.AsyncClient, examples: int) -> None:
    """Never by a fault of ours: neither what fits the document nor what does not, neither with a token nor without."""
    written = (await http.get("/v1/openapi.json")).json()
    merchant, tester = Merchant(), Merchant(number=NUMBERS[1])
    await open_shop(counter.pool, merchant, ["alcohol_18"])
    await open_shop(counter.pool, tester, ["alcohol_18"], sandbox=True)
    async with served(lambda _: build_api(replace(counter, proxies=1))) as url:
        statuses = await asyncio.to_thread(fuzz, url, written, [merchant.token, tester.token], examples)

    assert [] == [status for status in statuses if status.startswith("500")]
    assert written["paths"].keys() == {label.rpartition(" ")[2] for label in statuses}

"""The API's document is what OpenAPI 3.1 says a document is, and names every way in which a request can be refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from domain.cards.refusals import CheckRefusal
from domain.requests import RequestRefusal

CHECKS = "POST /v1/checks"
# A check of ours names its purpose itself, so its token needs no scope.
BY_THE_PUBLISHED_CONTRACT_ONLY = {"insufficient_scope"}


@pytest.fixture
async def written(http: httpx2.AsyncClient) -> Mapping[str, Any]:
    """The document, as anybody gets it and as the fuzzer runs it."""
    told: Mapping[str, Any] = (await http.get("/v1/openapi.json")).json()
    return told


def shown(operation: Mapping[str, Any]) -> set[str]:
    """The codes that an operation shows an example of."""
    refused = (
        told for response in operation["responses"].values() for kind, told in response.get("content", {}).items() if "problem" in kind
    )
    return {code for told in refused for code in told.get("examples", {})}


async def test_the_document_is_openapi(written: Mapping[str, Any]) -> None:
    """By somebody else's judgement, so that generators of clients take it."""
    faults = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in OpenAPIV31SpecValidator(dict(written)).iter_errors()
    ]

    assert written["openapi"].startswith("3.1.")
    assert [] == faults


async def test_every_code_has_an_example(written: Mapping[str, Any]) -> None:
    """Of a check every one that a check can meet; of the others each somewhere, if only among those that no operation promises."""
    operations = {f"{method.upper()} {path}": told for path, methods in written["paths"].items() for method, told in methods.items()}
    of_checks = {refusal.wire_code for refusal in CheckRefusal.__subclasses__()}
    all_codes = of_checks | {refusal.wire_code for refusal in RequestRefusal.__subclasses__()}

    assert sorted(of_checks - shown(operations[CHECKS])) == sorted(BY_THE_PUBLISHED_CONTRACT_ONLY)
    assert [] == sorted(all_codes - set().union(*map(shown, [*operations.values(), written["components"]])))

"""Where a program finds everything else, and the keys that it checks receipts with."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.callers import TOKEN_PATH
from api.counter import counter_of
from api.documents import refusals
from domain.api_access import Scope
from domain.cards.refusals import RateLimited

RECEIPT_KEYS_PATH = "/.well-known/receipt-keys.json"
DOCUMENT_PATH = "/v1/openapi.json"
SIGNING = ["ES256", "EdDSA", "Ed25519"]

router = APIRouter(tags=["Getting started"])


@router.get(
    "/.well-known/oauth-authorization-server",
    summary="Where to get tokens, and how",
    response_description="The authorization server's metadata (RFC 8414)",
    responses=refusals(RateLimited),
)
async def authorization_server(request: Request) -> Response:
    """Everything that an OAuth library wants to know of us. The issuer is the audience of a client's assertions."""
    public_url = counter_of(request).public_url
    told: Mapping[str, object] = {
        "issuer": public_url,
        "token_endpoint": public_url + TOKEN_PATH,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": SIGNING,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
        "service_documentation": public_url + DOCUMENT_PATH,
    }
    return JSONResponse(told)


@router.get(
    RECEIPT_KEYS_PATH,
    summary="Keys to check receipts with",
    response_description="A JWKS (RFC 7517), today's key first",
    responses=refusals(RateLimited),
)
async def receipt_keys(request: Request) -> Response:
    """Every public key that a receipt may have been signed with. A receipt names its key by `kid`; read these anew when it is not here."""
    return JSONResponse(counter_of(request).receipt_keys.published())


@router.get(DOCUMENT_PATH, include_in_schema=False)
async def openapi_document(request: Request) -> Response:
    """This very interface, as OpenAPI describes it."""
    return JSONResponse(request.app.openapi())

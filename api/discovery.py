"""Where a program finds everything else, and the keys that it checks receipts with."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.callers import TOKEN_PATH
from api.counter import counter_of
from api.documents import answered, refusals
from domain.api_access import Scope
from domain.cards.refusals import RateLimited

RECEIPT_KEYS_PATH = "/.well-known/receipt-keys.json"
DOCUMENT_PATH = "/v1/openapi.json"
SIGNING = ["ES256", "EdDSA", "Ed25519"]

A_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "2026-11",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}

router = APIRouter(tags=["Getting started"])


def _metadata(public_url: str) -> dict[str, object]:
    return {
        "issuer": public_url,
        "token_endpoint": public_url + TOKEN_PATH,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": SIGNING,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
        "service_documentation": public_url + DOCUMENT_PATH,
    }


@router.get(
    "/.well-known/oauth-authorization-server",
    summary="Where to get tokens, and how",
    response_description="The authorization server's metadata (RFC 8414)",
    responses={200: answered(_metadata("https://skranke.example")), **refusals(RateLimited)},
)
async def authorization_server(request: Request) -> Response:
    """Everything that an OAuth library wants to know of us. The issuer is the audience of a client's assertions."""
    return JSONResponse(_metadata(counter_of(request).public_url))


@router.get(
    RECEIPT_KEYS_PATH,
    summary="Keys to check receipts with",
    response_description="A JWKS (RFC 7517), today's key first",
    responses={200: answered({"keys": [A_KEY]}), **refusals(RateLimited)},
)
async def receipt_keys(request: Request) -> Response:
    """Every public key that a receipt may have been signed with. A receipt names its key by `kid`; read these anew when it is not here."""
    return JSONResponse(counter_of(request).receipt_keys.published())


@router.get(DOCUMENT_PATH, include_in_schema=False)
async def openapi_document(request: Request) -> Response:
    """This very interface, as OpenAPI describes it."""
    return JSONResponse(request.app.openapi())

"""Who calls: a client of a company, by its access token."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from fastapi.openapi.models import OAuth2, OAuthFlowClientCredentials, OAuthFlows
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from api.counter import counter_of
from database.api_clients import ApiClients, KnownCaller
from domain.api_access import LONGEST_CREDENTIAL, Scope, credential_hash
from domain.cards.refusals import Unauthorized

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - where tokens come from
WHAT_SCOPES_GIVE = {
    Scope.AGE_ONLY: "Age alone, for tills that speak Stø's contract",
    Scope.BASIC: "Name and age, for tills that speak Stø's contract",
    Scope.PICTURE_AGE: "Photo and age, for tills that speak Stø's contract",
    Scope.FULL: "Name, photo and age, for tills that speak Stø's contract",
    Scope.SHOP_INFO: "To name the shop in each request",
}


class BearerToken(SecurityBase):
    """Takes the access token from a request's header, and tells the API's documentation where to get one."""

    scheme_name = "client_credentials"
    model = OAuth2(
        flows=OAuthFlows(
            clientCredentials=OAuthFlowClientCredentials(
                tokenUrl=TOKEN_PATH, scopes={scope.value: gives for scope, gives in WHAT_SCOPES_GIVE.items()}
            )
        ),
        description="An access token of five minutes. Keep it until it expires; ask for one client in one place.",
    )

    async def __call__(self, request: Request) -> bytes:
        """The token's SHA-256, 32 bytes. Raises Unauthorized where there is no token, or more than one header."""
        sent = request.headers.getlist("authorization")
        scheme, _, token = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_CREDENTIAL or not token.isascii():
            raise Unauthorized
        return credential_hash(token)


# What finds the caller in the same statement as everything else asks for this alone.
BEARER = BearerToken()
TokenHash = Annotated[bytes, Depends(BEARER)]


async def known_caller(request: Request, token: TokenHash) -> KnownCaller:
    """Whose token it is. Raises Unauthorized for one that is unknown, has expired, or whose client has been closed."""
    counter = counter_of(request)
    caller = await ApiClients(counter.pool).caller(token, counter.wall_clock.now())
    if caller is None:
        raise Unauthorized
    return caller


Caller = Annotated[KnownCaller, Depends(known_caller)]

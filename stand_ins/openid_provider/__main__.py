"""`python -m stand_ins.openid_provider --port P --client-id C --client-jwks-file F --redirect-uri U [--redirect-uri U2]`.

Staff log in to a client of their own: `--staff-client-id C --staff-jwks-file F --staff-redirect-uri U --staff-logout-uri U`.
The holder's app logs in as a client without keys: `--app-client-id C --app-redirect-uri U`.
"""

from __future__ import annotations

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from starlette.types import ASGIApp

from stand_ins.openid_provider import Registration, provider_app, provider_for
from stand_ins.people import STAFF
from stand_ins.serving import serve_for_good


def main() -> None:
    """Serve until told to stop. The issuer is `http://localhost:P`: a site of its own beside a portal on 127.0.0.1."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument("--host", default="localhost", help="the name in the issuer's address")
    parser.add_argument("--client-id", default="skranke")
    parser.add_argument("--client-jwks-file", type=Path, required=True, help="the client's public keys, as a JWKS")
    parser.add_argument("--redirect-uri", action="append", required=True, help="where the client may be sent back to; may be repeated")
    parser.add_argument("--staff-client-id", default="skranke-staff")
    parser.add_argument("--staff-jwks-file", type=Path, help="that client's public keys; without them there is no such client")
    parser.add_argument("--staff-redirect-uri", action="append", default=[], help="where staff may be sent back to; may be repeated")
    parser.add_argument("--staff-logout-uri", help="where that client wants to hear that a session is over")
    parser.add_argument("--app-client-id", default="skranke-app")
    parser.add_argument("--app-redirect-uri", action="append", default=[], help="where the app is sent back to; without it there is no app")
    told = parser.parse_args()
    registrations = list(_registrations(told))

    def build(issuer: str) -> ASGIApp:
        return provider_app(provider_for(issuer, *registrations))

    asyncio.run(serve_for_good("openid_provider", build, port=told.port, host=told.host))


def _registrations(told: Namespace) -> Iterator[Registration]:
    yield Registration(told.client_id, json.loads(told.client_jwks_file.read_text("utf-8")), tuple(told.redirect_uri))
    if told.staff_jwks_file:
        jwks, redirect_uris = json.loads(told.staff_jwks_file.read_text("utf-8")), tuple(told.staff_redirect_uri)
        yield Registration(told.staff_client_id, jwks, redirect_uris, schemes=(STAFF,), logout_uri=told.staff_logout_uri)
    if told.app_redirect_uri:
        yield Registration(told.app_client_id, None, tuple(told.app_redirect_uri))


if __name__ == "__main__":
    main()

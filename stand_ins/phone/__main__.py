"""`python -m stand_ins.phone --port P --portal URL --card-issuer URL --eid-issuer URL [--app-client-id C] [--folder F]`."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import httpx2

from stand_ins.phone.eid import Login
from stand_ins.phone.pages import Drawer, phone_app
from stand_ins.serving import serve_for_good


async def main() -> None:
    """Show everybody's phone until told to stop."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument("--portal", required=True, help="where the holder's API is")
    parser.add_argument("--card-issuer", required=True)
    parser.add_argument("--eid-issuer", required=True)
    parser.add_argument("--app-client-id", default="skranke-app")
    parser.add_argument("--prefix", default="IDK1", choices=("IDK1", "VisLeg", "VisLeg-"), help="what the codes begin with")
    parser.add_argument("--folder", type=Path, help="where the phones' keys survive a restart")
    told = parser.parse_args()
    async with httpx2.AsyncClient() as http:
        drawer = Drawer(http, told.portal, told.card_issuer, Login(told.eid_issuer, told.app_client_id), told.folder, told.prefix)
        await serve_for_good("phone", lambda _: phone_app(drawer), port=told.port)


if __name__ == "__main__":
    asyncio.run(main())

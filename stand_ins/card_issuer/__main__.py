"""`python -m stand_ins.card_issuer --port P --eid-issuer URL [--app-client-id C] [--state-file F] [--faces FOLDER]`."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from pathlib import Path

from starlette.types import ASGIApp

from stand_ins.card_issuer import Book, Issuer, card_issuer_app
from stand_ins.serving import serve_for_good


def main() -> None:
    """Serve until told to stop."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument("--eid-issuer", required=True, help="whose ID tokens are believed")
    parser.add_argument("--app-client-id", default="skranke-app", help="the client of the holder's app, for whom they must be made")
    parser.add_argument("--state-file", type=Path, help="where keys and the cards' states survive a restart; in memory by default")
    parser.add_argument("--faces", type=Path, help="a folder of JPEGs for the portraits; a grey dot by default")
    told = parser.parse_args()
    book = Book.opened(told.state_file)
    book.keep()
    faces = sorted(told.faces.glob("*.jpg")) if told.faces else []

    def build(url: str) -> ASGIApp:
        return card_issuer_app(Issuer(url, told.eid_issuer, told.app_client_id, book, faces))

    asyncio.run(serve_for_good("card_issuer", build, port=told.port))


if __name__ == "__main__":
    main()

"""`python -m stand_ins.till --port P --api URL --shops-file F`."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import httpx2

from stand_ins.serving import serve_for_good
from stand_ins.till import till_app
from stand_ins.till.asking import PATIENCE


async def main() -> None:
    """Serve the tills of all shops until told to stop."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument("--api", required=True, help="where the card check is, such as http://127.0.0.1:8000")
    parser.add_argument("--shops-file", type=Path, required=True, help="the tills with what they log in with; may be written later")
    told = parser.parse_args()
    async with httpx2.AsyncClient(base_url=told.api, timeout=PATIENCE) as http:
        await serve_for_good("till", lambda _: till_app(http, told.shops_file), port=told.port)


if __name__ == "__main__":
    asyncio.run(main())

"""`python -m stand_ins.mail_catcher --smtp-port S --port P [--folder F]`."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from pathlib import Path

from stand_ins.mail_catcher import Letters, Moods, catching, mailbox_app
from stand_ins.serving import serve_for_good


async def main() -> None:
    """Catch letters and show them until told to stop."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=0, help="any free one by default")
    parser.add_argument("--port", type=int, default=0, help="of the pages; any free one by default")
    parser.add_argument("--folder", type=Path, help="where letters are kept over a restart")
    told = parser.parse_args()
    letters, moods = Letters(told.folder), Moods()
    async with catching(letters, moods, port=told.smtp_port) as smtp:
        await serve_for_good(f"mail_catcher {smtp}", lambda _: mailbox_app(letters, moods), port=told.port)


if __name__ == "__main__":
    asyncio.run(main())

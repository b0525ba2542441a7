"""`python -m stand_ins.brreg --port P`."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser

from stand_ins.brreg import brreg_app
from stand_ins.serving import serve_for_good

if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    asyncio.run(serve_for_good("brreg", brreg_app, port=parser.parse_args().port))

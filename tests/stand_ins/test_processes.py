"""Each stand-in runs as a process of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import httpx2
import pytest
from joserfc.jwk import ECKey

from stand_ins.brreg import brreg_app
from stand_ins.serving import served

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "options", "path"),
    [
        ("brreg", [], "/enhetsregisteret/api/enheter"),
        ("mail_catcher", [], "/api/letters"),
        ("openid_provider", ["--client-jwks-file", "{jwks}", "--redirect-uri", "http://127.0.0.1:8000/back"], "/personas"),
    ],
)
async def test_it_says_when_it_is_ready_and_stops_when_told(tmp_path: Path, name: str, options: list[str], path: str) -> None:
    """The demo waits for the line and leaves nothing running, not even a slow answer."""
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}))
    command = [sys.executable, "-m", f"stand_ins.{name}", *(option.format(jwks=jwks) for option in options)]
    process = await asyncio.create_subprocess_exec(*command, cwd=PROJECT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    ready, said, *_, url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().split()
    async with httpx2.AsyncClient(base_url=url) as site:
        answer = await site.get(path)
        await site.post("/_control/behaviours", json={"kind": "slow", "seconds": 60})
        under_way = asyncio.ensure_future(site.get(path, timeout=60))
        await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 2)
        with pytest.raises(httpx2.TransportError):
            await under_way

    assert ("ready", name, 200, 0) == (ready, said, answer.status_code, code)


async def test_a_port_that_is_taken_is_refused() -> None:
    """Two stand-ins on one port would answer in turn, and nobody would understand why."""
    async with served(brreg_app) as url:
        with pytest.raises(OSError, match="in use"):
            await served(brreg_app, port=int(url.rpartition(":")[2])).__aenter__()

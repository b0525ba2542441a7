"""The reader of codes against noise that learns."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from domain.cards.codes import Prefix, new_code

RUNS = 500_000


@pytest.mark.soak
async def test_no_noise_brings_more_than_a_refusal_out_of_the_reader(tmp_path: Path) -> None:
    """It begins with real codes, and changes them wherever that reaches a branch that nothing has reached before."""
    for prefix in Prefix:
        (tmp_path / prefix.name).write_text(new_code().text(prefix))
    command = [sys.executable, "-m", "tests.soak.noise", str(tmp_path), f"-runs={RUNS}", "-max_len=200"]
    noise = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    said, _ = await noise.communicate()

    assert 0 == noise.returncode, said.decode(errors="replace")[-3000:]

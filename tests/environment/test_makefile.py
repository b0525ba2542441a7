"""The commands that people are promised."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PROMISED = {"demo", "demo-reset", "test", "check", "soak", "bench", "help"}
LOCKS = [*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"]


def test_help_lists_every_target() -> None:
    """Nobody has to read the Makefile to use it."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index] # it is there

    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - any make will do

    assert set(re.findall(r"^  make (\S+)", told, re.MULTILINE)) == targets
    assert targets >= PROMISED


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_a_registry(lock: Path) -> None:
    """Where packages come from is for each machine to say; what they are is said by their hashes."""
    text = lock.read_text()

    assert not re.search(r"index-url|find-links|@ http|\"resolved\"", text)
    assert "sha256:" in text or "sha512-" in text


def test_ci_is_a_program() -> None:
    """It is called by its path."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)

"""Bringing other people's files to where we serve them from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from web.vendor import FILES, ROOT, copy_vendored_files


def test_every_file_is_copied_from_the_pinned_packages(tmp_path: Path) -> None:
    """The pages ask for exactly these."""
    copied = copy_vendored_files(ROOT / "node_modules", tmp_path)

    assert {path.name for path in copied} == set(FILES)


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    """Whoever reads it knows what to run."""
    with pytest.raises(FileNotFoundError, match="npm ci"):
        copy_vendored_files(tmp_path, tmp_path / "vendor")


def test_the_lock_has_a_checksum_for_every_package_and_names_no_registry() -> None:
    """What is installed is what was looked at, wherever it is fetched from."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = [package for path, package in packages.items() if path]

    assert all(package["integrity"].startswith("sha512-") for package in locked)
    assert not [package for package in locked if "resolved" in package]

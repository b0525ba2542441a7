"""What a demo keeps from one start to the next."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from demo.folder import FolderInUse, folder_of_our_own
from demo.keys import keys_of, write_client_jwks


def test_a_folder_holds_one_demo_at_a_time(tmp_path: Path) -> None:
    """Two would fight over the same database."""
    with (
        folder_of_our_own(tmp_path / "demo", afresh=False),
        pytest.raises(FolderInUse, match="another demo runs in"),
        folder_of_our_own(tmp_path / "demo", afresh=True),
    ):
        pass


def test_starting_afresh_forgets_everything(tmp_path: Path) -> None:
    """`make demo-reset`."""
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "data").write_text("old")
    (tmp_path / "ports.json").write_text("{}")

    with folder_of_our_own(tmp_path, afresh=True):
        left = [path.name for path in tmp_path.iterdir()]

    assert left == ["lock"]


def test_keys_are_made_once_and_are_nobody_elses_business(tmp_path: Path) -> None:
    """Letters of the first start must open in the second."""
    first = keys_of(tmp_path)

    assert keys_of(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_folder_of_an_earlier_version_gets_the_keys_that_are_new(tmp_path: Path) -> None:
    """And keeps the ones that its letters are sealed with."""
    first = keys_of(tmp_path)
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({name: key for name, key in json.loads(path.read_text()).items() if name != "staff_client_key"}))

    second = keys_of(tmp_path)

    assert (first.payload_keys, first.eid_client_key) == (second.payload_keys, second.eid_client_key)
    assert second.staff_client_key not in {"", first.staff_client_key}


def test_the_provider_is_told_the_public_half_of_the_key_only(tmp_path: Path) -> None:
    """Whoever holds the private half is us."""
    keys = keys_of(tmp_path)
    write_client_jwks(keys.eid_client_key, tmp_path / "jwks.json")
    public = json.loads((tmp_path / "jwks.json").read_text())["keys"][0]

    assert "d" not in public
    assert public.items() <= json.loads(keys.eid_client_key).items()

"""Where the demo's pages are found."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from demo.ports import free_port, is_free, ports_of_our_own


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def choose_ports(
    preferred: Mapping[str, int], remembered_in: Path, wanted: Mapping[str, int], say: Callable[[str], None]
) -> dict[str, int]:
    """Choose as a demo does that ends at once."""
    with ports_of_our_own(preferred, remembered_in, wanted, say) as ports:
        return ports


@pytest.fixture
def said() -> list[str]:
    """What people were told."""
    return []


def test_a_busy_port_is_avoided_and_people_are_told(tmp_path: Path, busy: int, said: list[str]) -> None:
    """Something else may run on 8000."""
    chosen = choose_ports({"portal": busy}, tmp_path / "ports.json", {}, said.append)

    assert chosen["portal"] > busy
    assert is_free(chosen["portal"])
    assert said == [f"port {busy} is taken: portal gets {chosen['portal']}"]


def test_a_port_is_not_given_twice(tmp_path: Path, said: list[str]) -> None:
    """Two programs want the same one."""
    port = free_port()

    chosen = choose_ports({"portal": port, "mailbox": port}, tmp_path / "ports.json", {}, said.append)

    assert chosen["portal"] == port
    assert chosen["mailbox"] != port


def test_two_demos_that_start_at_once_choose_different_ports(tmp_path: Path, said: list[str]) -> None:
    """Some seconds pass before anybody listens on a port that was chosen."""
    port = free_port()
    with (
        ports_of_our_own({"portal": port}, tmp_path / "one.json", {}, said.append) as one,
        ports_of_our_own({"portal": port}, tmp_path / "two.json", {}, said.append) as other,
    ):
        assert one["portal"] == port
        assert other["portal"] > port


def test_the_second_start_keeps_the_ports_of_the_first(tmp_path: Path, busy: int, said: list[str]) -> None:
    """The links in yesterday's letters still work."""
    first = choose_ports({"portal": busy}, tmp_path / "ports.json", {}, said.append)

    second = choose_ports({"portal": free_port()}, tmp_path / "ports.json", {}, said.append)

    assert second == first


def test_a_port_wanted_once_is_not_kept(tmp_path: Path, said: list[str]) -> None:
    """`make demo PORT=8123` is about this start."""
    usual, wanted = free_port(), free_port()

    assert choose_ports({"portal": usual}, tmp_path / "ports.json", {"portal": wanted}, said.append) == {"portal": wanted}
    assert choose_ports({"portal": usual}, tmp_path / "ports.json", {}, said.append) == {"portal": usual}


def test_a_port_taken_under_the_other_loopback_address_is_not_free() -> None:
    """A browser asks for `localhost` at ::1 first, and would reach somebody else."""
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        assert not is_free(server.getsockname()[1])


def test_names_of_an_earlier_version_are_forgotten(tmp_path: Path, said: list[str]) -> None:
    """A folder may be older than the program."""
    (tmp_path / "ports.json").write_text(json.dumps({"fax": 1}))
    port = free_port()

    assert choose_ports({"portal": port}, tmp_path / "ports.json", {}, said.append) == {"portal": port}

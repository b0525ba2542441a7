"""How a measurement stands to its limit."""

from __future__ import annotations

from tests.bench.measurement import Measurement


def test_a_limit_is_kept_from_below() -> None:
    """Most limits are about waiting."""
    assert Measurement("demo ready", 5, "s", limit=10).as_json() == {
        "name": "demo ready",
        "value": 5,
        "unit": "s",
        "limit": 10,
        "ratio": 0.5,
        "ok": True,
    }
    assert not Measurement("demo ready", 11, "s", limit=10).ok


def test_where_more_is_better_a_limit_is_kept_from_above() -> None:
    """So many checks a second, at least."""
    assert Measurement("checks", 300, "1/s", limit=200, more_is_better=True).ok
    assert not Measurement("checks", 100, "1/s", limit=200, more_is_better=True).ok


def test_without_a_limit_nothing_is_missed() -> None:
    """Some numbers are only looked at."""
    assert Measurement("first start", 5, "s").as_json()["ok"]

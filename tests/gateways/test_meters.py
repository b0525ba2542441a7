"""What Prometheus reads."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from demo.ports import free_port
from gateways.meters import Figures, Meters, metrics_at


async def test_prometheus_reads_them_at_their_own_address() -> None:
    """Beside the pages and never among them."""
    meters, port = Meters(), free_port()
    meters.answered("GET", "/email/link/{token}", 404, 0.02)
    meters.login("ok")
    meters.register_trouble("slow")
    meters.payloads("decode", 3)
    meters.upstream("mail", up=False)
    meters.stands(Figures({"needs-a-person": 2}, 1, timedelta(minutes=5), 0, 7))
    with metrics_at(meters, "127.0.0.1", port):
        async with httpx2.AsyncClient(trust_env=False) as http:
            said = (await http.get(f"http://127.0.0.1:{port}/metrics")).text

    assert 'skranke_http_request_seconds_count{method="GET",route="/email/link/{token}",status="4xx"} 1.0' in said
    assert 'skranke_logins_total{outcome="ok"} 1.0' in said
    assert 'skranke_register_trouble_total{kind="slow"} 1.0' in said
    assert 'skranke_codec_payloads_total{way="decode"} 3.0' in said
    assert 'skranke_upstream_up{name="mail"} 0.0' in said
    assert 'skranke_signups{stage="needs-a-person"} 2.0' in said
    assert "skranke_letters_longest_waiting_seconds 300.0" in said
    with pytest.raises(httpx2.TransportError):
        async with httpx2.AsyncClient(trust_env=False) as http:
            await http.get(f"http://127.0.0.1:{port}/metrics")


def test_a_stage_that_nobody_is_in_any_more_shows_nothing() -> None:
    """A number that stays when its reason is gone wakes somebody at night."""
    meters = Meters()
    meters.stands(Figures({"needs-a-person": 2}, 0, timedelta(0), 0, 0))
    meters.stands(Figures({}, 0, timedelta(0), 0, 0))

    assert not meters.registry.get_sample_value("skranke_signups", {"stage": "needs-a-person"})

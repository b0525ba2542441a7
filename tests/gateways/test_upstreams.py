"""Whether others answer, and since when not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.ports import free_port
from gateways.http import outbound_client
from gateways.upstreams import FRESH_FOR, Upstream, Upstreams, speaks_http, speaks_smtp

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Watch:
    """A clock that a test moves."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """Tell the moment."""
        return self.moment


async def well() -> bool:
    """Answer."""
    return True


async def test_it_is_told_since_when_somebody_is_away_and_forgotten_when_they_are_back() -> None:
    """Whoever is called at night asks first how long it has been going on."""
    watch, is_up = Watch(), [False]

    async def moody() -> bool:
        if not is_up[0]:
            raise TimeoutError
        return True

    upstreams = Upstreams({"temporal": moody, "mail": well}, watch)
    first = await upstreams.look()
    watch.moment += timedelta(hours=1)
    later = await upstreams.look()
    is_up[0] = True
    watch.moment += timedelta(hours=1)

    assert [Upstream("temporal", NOON), Upstream("mail", None)] == first == later
    assert all(upstream.is_up for upstream in await upstreams.look())


async def test_others_are_not_asked_for_every_curious_machine() -> None:
    """Three load balancers that ask every second are not the register's problem."""
    watch, asked = Watch(), []

    async def counting() -> bool:
        asked.append(1)
        return True

    upstreams = Upstreams({"register": counting}, watch)
    await upstreams.look()
    await upstreams.look()
    assert [1] == asked

    watch.moment += FRESH_FOR
    await upstreams.look()
    assert [1, 1] == asked


async def on_a_port(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]) -> tuple[asyncio.Server, int]:
    """Play a server that talks like this."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0)  # type: ignore[arg-type]  # what it comes to is nobody's business
    return server, server.sockets[0].getsockname()[1]


async def test_a_web_server_is_there_when_it_answers_at_all() -> None:
    """That it does not know this path says that it is there; that it fails says that it is not."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        status = b"500 No" if b"/ill" in asked else b"404 No"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server, port = await on_a_port(talk)
    async with server, outbound_client("test@skranke.example") as http:
        assert await speaks_http(http, f"http://127.0.0.1:{port}/well")()
        assert not await speaks_http(http, f"http://127.0.0.1:{port}/ill")()
        assert not await speaks_http(http, f"http://127.0.0.1:{free_port()}")()


async def test_a_mail_server_is_there_when_it_greets() -> None:
    """A port that is open and silent takes no letters."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        writer.close()

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 not now\r\n")
        writer.close()

    for talk, there in ((greet, True), (refuse, False)):
        server, port = await on_a_port(talk)
        async with server:
            assert there is await speaks_smtp("127.0.0.1", port)()

"""The one place that knows the HTTP client: how we call other people's systems, whoever they are."""

from __future__ import annotations

import logging

from httpx2 import AsyncBaseTransport, AsyncClient, HTTPError, InvalidURL, Limits, Response, Timeout, TimeoutException, TransportError

__all__ = [
    "AsyncBaseTransport",
    "AsyncClient",
    "HTTPError",
    "InvalidURL",
    "Response",
    "Timeout",
    "TimeoutException",
    "TransportError",
    "outbound_client",
]

# Seconds. An answer may come in pieces, each of which is waited for as long as `read`.
TIMEOUTS = Timeout(connect=3, read=8, write=5, pool=3)
LIMITS = Limits(max_connections=20, max_keepalive_connections=10)


def outbound_client(contact: str, transport: AsyncBaseTransport | None = None) -> AsyncClient:
    """Build the client that calls other people's systems; whoever builds it closes it.

    It tells them whom to `contact` about us, follows no redirects, and takes nothing from the environment. A `transport` takes
    the place of the network.
    """
    # It writes down every address it calls, and those hold what people search for.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    return AsyncClient(
        timeout=TIMEOUTS,
        limits=LIMITS,
        headers={"User-Agent": f"Skranke (contact: {contact})"},
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )

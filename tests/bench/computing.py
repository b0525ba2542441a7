"""What our own computing costs beside the plainest thing that could be done instead."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload

from domain.names import NameMatch, PersonName, compare
from gateways.temporal import NONCE_BYTES, SealingCodec
from tests.bench.measurement import Measurement
from tests.bench.timing import seconds_each, seconds_each_awaited

# At most so many times the plain thing; about three times what was measured.
LIMIT_NAMES = 200
LIMIT_SEALING = 12

NAMES = (
    (PersonName("Berit Indre", "Nordvik"), PersonName("Berit", "Indre Nordvik")),
    (PersonName("Dag", "Bruun-Haugen"), PersonName("Dag", "Bruun Haugen")),
    (PersonName("ÅSE", "BJØRNÆS"), PersonName("Aase", "Bjoernaes")),
    (PersonName("Nora", "Lie"), PersonName("Nina", "Lie")),
)
PAYLOAD = Payload(metadata={"encoding": b"json/plain"}, data=b'{"signup":"%s"}' % (b"x" * 200))


async def comparing_names() -> Sequence[Measurement]:
    """Compare names as employment is judged, and as texts."""

    def ours() -> list[NameMatch]:
        return [compare(one, other) for one, other in NAMES]

    def plain() -> list[bool]:
        return [one.full.casefold() == other.full.casefold() for one, other in NAMES]

    matched, compared = seconds_each(ours), seconds_each(plain)
    return [
        Measurement("names matched", len(NAMES) / matched, "/s"),
        Measurement("  beside comparing two texts", matched / compared, "x", limit=LIMIT_NAMES),
    ]


async def sealing() -> Sequence[Measurement]:
    """Seal a payload for Temporal and open it again, and do the same with the cipher alone."""
    key, sealed = os.urandom(32), PAYLOAD.SerializeToString()
    codec, cipher = SealingCodec({"1": key}, "default"), AESGCM(key)

    async def ours() -> None:
        await codec.decode(await codec.encode([PAYLOAD]))

    def plain() -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return cipher.decrypt(nonce, cipher.encrypt(nonce, sealed, b""), b"")

    whole, bare = await seconds_each_awaited(ours), seconds_each(plain)
    return [
        Measurement("payload sealed and opened", whole * 1_000_000, "µs"),
        Measurement("  beside AES-GCM alone", whole / bare, "x", limit=LIMIT_SEALING),
    ]

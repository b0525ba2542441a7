"""Who calls: a phone, by its card's device key alone. It signs each request; nothing else says who it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import Depends
from starlette.requests import Request

from api.counter import counter_of
from api.holder_desk import desk_of
from database.cards import Device
from domain.cards.jose import PublicKey, from_base64url, from_json, public_key_of, read_signed, thumbprint, to_base64url
from domain.cards.untrustworthy import NotSigned
from domain.holders import SIGNATURE_LIVES, DeviceUnauthorized, RequestRepeated

SCHEME = "card"
TYPE = "idk1-request+jwt"
LONGEST = 4096
JTI = re.compile(r"[\x21-\x7e]{16,128}")
READS = {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Once:
    """By which id a request counts once, and when that can be forgotten."""

    jti: str
    forget_at: datetime


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a phone has signed about a request, taken apart and not yet believed."""

    text: str
    header: Mapping[str, object]
    claims: Mapping[str, object]

    @classmethod
    def of(cls, request: Request) -> SignedRequest:
        """Read the header Authorization. Raises DeviceUnauthorized."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != SCHEME or len(text) > LONGEST or len(request.headers.getlist("authorization")) != 1:
            raise DeviceUnauthorized
        try:
            header, claims = (from_json(from_base64url(part)) for part in text.split(".")[:2])
        except ValueError:
            raise DeviceUnauthorized from None
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise DeviceUnauthorized
        return cls(text, header, claims)

    @property
    def card_id(self) -> UUID:
        """The card that it says it is of. Raises DeviceUnauthorized."""
        try:
            return UUID(str(self.claims.get("card")))
        except ValueError:
            raise DeviceUnauthorized from None

    @property
    def own_key(self) -> PublicKey:
        """The key that it brings along, as a phone does that holds no card. Raises DeviceUnauthorized."""
        key = self.header.get("jwk")
        if not isinstance(key, dict) or "d" in key:
            raise DeviceUnauthorized
        try:
            return public_key_of(key)
        except ValueError:
            raise DeviceUnauthorized from None

    async def believe(self, key: PublicKey, request: Request, now: datetime) -> Once:
        """Say by which id it counts once, and until when.

        Raises DeviceUnauthorized unless this key has signed this very request within the last minute.
        """
        try:
            claims = read_signed(self.text, {thumbprint(key): key}, TYPE)
        except NotSigned:
            raise DeviceUnauthorized from None
        body = to_base64url(hashlib.sha256(await request.body()).digest())
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if (claims.get("method"), claims.get("path"), claims.get("body")) != (request.method, path, body):
            raise DeviceUnauthorized
        signed_at, jti = claims.get("iat"), claims.get("jti")
        if type(signed_at) is not int or abs(now.timestamp() - signed_at) > SIGNATURE_LIVES.total_seconds():
            raise DeviceUnauthorized
        if not isinstance(jti, str) or not JTI.fullmatch(jti):
            raise DeviceUnauthorized
        return Once(jti, datetime.fromtimestamp(signed_at, now.tzinfo) + SIGNATURE_LIVES + timedelta(seconds=1))


def key_of_point(point: bytes) -> PublicKey:
    """The key whose uncompressed point on P-256 is kept with a card."""
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)


def point_of(key: PublicKey) -> bytes:
    """What is kept of a key: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


async def signing_device(request: Request) -> Device:
    """Find the card whose phone has signed a request. Raises DeviceUnauthorized, and RequestRepeated for a write that came before."""
    cards, signed, now = desk_of(request).cards, SignedRequest.of(request), counter_of(request).wall_clock.now()
    device = await cards.device(signed.card_id)
    if device is None:
        raise DeviceUnauthorized
    once = await signed.believe(key_of_point(device.device_key), request, now)
    if request.method not in READS and not await cards.use_once(f"card {device.card_id}", once.jti, once.forget_at):
        raise RequestRepeated
    return device


SigningDevice = Annotated[Device, Depends(signing_device)]

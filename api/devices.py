"""Who calls: a phone, by its card's device key alone. It signs each request; nothing else says who it is."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.requests import Request

from api.bodies import strict_json
from api.counter import counter_of
from database.cards import Cards, Device
from domain.holders import SIGNATURE_LIVES, DeviceUnauthorized, RequestRepeated
from domain.requests import RequestRefusal

SCHEME = "card"
TYPE = "idk1-request+jwt"
LONGEST = 4096
HEADER_FIELDS = {"alg", "typ", "jwk"}
JTI = re.compile(r"[\x21-\x7e]{16,128}")
READS = {"GET", "HEAD"}


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
            taken_apart = jws.extract_compact(text.encode())
            claims = strict_json(taken_apart.payload)
        except (JoseError, ValueError, RequestRefusal):
            raise DeviceUnauthorized from None
        header = taken_apart.headers()
        if not header.keys() <= HEADER_FIELDS or header.get("alg") != "ES256" or header.get("typ") != TYPE:
            raise DeviceUnauthorized
        return cls(text, dict(header), claims)

    @property
    def card_id(self) -> UUID:
        """The card that it says it is of. Raises DeviceUnauthorized."""
        try:
            return UUID(str(self.claims.get("card")))
        except ValueError:
            raise DeviceUnauthorized from None

    @property
    def own_key(self) -> ECKey:
        """The key that it brings along, as a phone does that holds no card. Raises DeviceUnauthorized."""
        try:
            key = ECKey.import_key(json.loads(json.dumps(self.header.get("jwk"))))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise DeviceUnauthorized from None
        if key.is_private or key.curve_name != "P-256":
            raise DeviceUnauthorized
        return key

    async def believe(self, key: ECKey, request: Request, now: datetime) -> Once:
        """Say by which id it counts once, and until when. Raises DeviceUnauthorized unless this key has signed this request just now."""
        try:
            jws.deserialize_compact(self.text, key, algorithms=["ES256"])
        except (JoseError, ValueError):
            raise DeviceUnauthorized from None
        body = urlsafe_b64encode(hashlib.sha256(await request.body()).digest()).rstrip(b"=").decode()
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        same = [("method", request.method), ("path", asked), ("body", body)]
        if not all(hmac.compare_digest(str(self.claims.get(name)).encode(), really.encode()) for name, really in same):
            raise DeviceUnauthorized
        signed_at, jti = self.claims.get("iat"), self.claims.get("jti")
        if (
            isinstance(signed_at, bool)
            or not isinstance(signed_at, int)
            or abs(now.timestamp() - signed_at) > SIGNATURE_LIVES.total_seconds()
        ):
            raise DeviceUnauthorized
        if not isinstance(jti, str) or not JTI.fullmatch(jti):
            raise DeviceUnauthorized
        return Once(jti, datetime.fromtimestamp(signed_at, now.tzinfo) + SIGNATURE_LIVES + timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Once:
    """By which id a request counts once, and when that can be forgotten."""

    jti: str
    forget_at: datetime


def key_of_point(point: bytes) -> ECKey:
    """The key whose uncompressed point on P-256 is kept with a card."""
    half = (len(point) - 1) // 2
    x, y = (urlsafe_b64encode(part).rstrip(b"=").decode() for part in (point[1 : 1 + half], point[1 + half :]))
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})


async def signing_device(request: Request) -> Device:
    """Find the card whose phone has signed a request. Raises DeviceUnauthorized, and RequestRepeated for a write that came before."""
    counter = counter_of(request)
    cards, signed, now = Cards(counter.pool), SignedRequest.of(request), counter.wall_clock.now()
    device = await cards.device(signed.card_id)
    if device is None:
        raise DeviceUnauthorized
    once = await signed.believe(key_of_point(device.device_key), request, now)
    if request.method not in READS and not await cards.use_once(f"card {device.card_id}", once.jti, once.forget_at):
        raise RequestRepeated
    return device


SigningDevice = Annotated[Device, Depends(signing_device)]

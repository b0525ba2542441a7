"""Cards as SD-JWT (RFC 9901): the issuer signs digests, and whoever holds the card decides who sees what they stand for."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

ALG = "ES256"
TYPE = "dc+sd-jwt"
DOCUMENT_TYPE = "urn:idk1:card"


@dataclass(frozen=True, slots=True)
class Issued:
    """A card as the app gets it, once; the issuer keeps no claim."""

    card_id: str
    jws: str
    disclosures: Sequence[str]
    expires_on: date


def sign(card_id: str, claims: Mapping[str, Any], device_key: Mapping[str, Any], expires_on: date, made: tuple[str, int, ECKey]) -> Issued:
    """Sign a card for the holder of a device key. `made` is by whom, when, and with which key."""
    issuer, now, key = made
    disclosures = [_disclosure(name, value) for name, value in claims.items()]
    payload = {
        "iss": issuer,
        "iat": now,
        "vct": DOCUMENT_TYPE,
        "card_id": card_id,
        "card_version": 1,
        "date_of_expiry": expires_on.isoformat(),
        "cnf": {"jwk": device_key},
        "_sd_alg": "sha-256",
        "_sd": sorted(map(digest, disclosures)),
    }
    jws = jwt.encode({"alg": ALG, "typ": TYPE, "kid": key.kid}, payload, key, algorithms=[ALG])
    return Issued(card_id, jws, disclosures, expires_on)


def digest(disclosure: str) -> str:
    """What stands in the signed part for a claim."""
    return _b64(hashlib.sha256(disclosure.encode()).digest())


def _disclosure(name: str, value: object) -> str:
    return _b64(json.dumps([_b64(secrets.token_bytes(16)), name, value], ensure_ascii=False).encode())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

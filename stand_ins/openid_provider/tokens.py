"""ID tokens: as they should be, and as an attacker or a broken provider would make them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from joserfc import jwt
from joserfc.jwk import ECKey

from stand_ins.people import SCHEMES, Persona

Claims = dict[str, Any]

LIVES_FOR = 300
ALG = "ES256"


class Misbehaviour(StrEnum):
    """What can be wrong with the next login.

    A good client refuses all of it; a replayed code, which the provider then allows, by its own `state`.
    """

    WRONG_NONCE = "wrong_nonce"
    WRONG_TOKEN_ISS = "wrong_token_iss"  # noqa: S105 - no password
    WRONG_REDIRECT_ISS = "wrong_redirect_iss"
    NO_REDIRECT_ISS = "no_redirect_iss"
    WRONG_STATE = "wrong_state"
    WRONG_AUD = "wrong_aud"
    LOW_ACR = "low_acr"
    WRONG_EID = "wrong_eid"
    ALG_NONE = "alg_none"
    HS256_WITH_PUBLIC_KEY = "hs256_with_public_key"
    WRONG_SIGNATURE = "wrong_signature"
    EXPIRED = "expired"
    ISSUED_IN_THE_FUTURE = "issued_in_the_future"
    UNKNOWN_KID = "unknown_kid"
    REPLAYED_CODE_ALLOWED = "replayed_code_allowed"
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - no password
    FOREIGN_AZP = "foreign_azp"
    NO_BIRTHDATE = "no_birthdate"


def new_key() -> ECKey:
    """A P-256 key with an id of its own."""
    return ECKey.generate_key("P-256", parameters={"kid": secrets.token_hex(8), "use": "sig", "alg": ALG})


@dataclass(slots=True)
class Keys:
    """The keys tokens are signed with; the last one signs, all are published."""

    published: list[ECKey] = field(default_factory=lambda: [new_key()])

    @property
    def current(self) -> ECKey:
        """The key that signs."""
        return self.published[-1]

    def rotate(self, *, keep_old: bool) -> str:
        """Sign with a new key from now on. Answers its id."""
        self.published = [*(self.published if keep_old else []), new_key()]
        return str(self.current.kid)

    def jwks(self) -> dict[str, Any]:
        """What is published."""
        return {"keys": [key.as_dict(private=False) for key in self.published]}


def subject(client_id: str, persona: Persona) -> str:
    """A pseudonym of the person, the same at every login to this client and another one for every other client."""
    return "{" + str(uuid5(NAMESPACE_URL, f"{client_id}/{persona.id}")) + "}"


def access_token_hash(access_token: str) -> str:
    """`at_hash`, as OpenID Connect Core 3.1.3.6 has it."""
    return _b64(hashlib.sha256(access_token.encode()).digest()[:16])


def id_token_claims(issuer: str, client_id: str, persona: Persona, nonce: str, now: float) -> Claims:
    """What a proper ID token says of this login."""
    scheme = SCHEMES[persona.eid]
    return {
        "iss": issuer,
        "aud": client_id,
        "azp": client_id,
        "sub": subject(client_id, persona),
        "iat": int(now),
        "auth_time": int(now),
        "exp": int(now) + LIVES_FOR,
        "nonce": nonce,
        "acr": persona.acr or scheme.acr,
        "amr": list(scheme.amr),
        "sid": secrets.token_urlsafe(16),
        **scheme.claims(persona),
    }


def twisted(claims: Claims, misbehaviour: Misbehaviour | None, persona: Persona) -> Claims:
    """The same claims with what the misbehaviour makes of them."""
    scheme = SCHEMES[persona.eid]
    other_eid = next(other for other in SCHEMES.values() if other.id != persona.eid)
    changes: dict[Misbehaviour, Claims] = {
        Misbehaviour.WRONG_NONCE: {"nonce": secrets.token_urlsafe(16)},
        Misbehaviour.WRONG_TOKEN_ISS: {"iss": "https://another-issuer.example"},
        Misbehaviour.WRONG_AUD: {"aud": "another-client"},
        Misbehaviour.FOREIGN_AZP: {"aud": [claims["aud"], "another-client"], "azp": "another-client"},
        Misbehaviour.LOW_ACR: {"acr": scheme.low_acr},
        Misbehaviour.WRONG_EID: {"acr": other_eid.acr, **other_eid.claims(persona)},
        Misbehaviour.EXPIRED: {"iat": claims["iat"] - 3600, "auth_time": claims["iat"] - 3600, "exp": claims["iat"] - 3300},
        Misbehaviour.ISSUED_IN_THE_FUTURE: {"iat": claims["iat"] + 3600, "exp": claims["exp"] + 3600},
    }
    left_out = {"birthdate", "ssn"} if misbehaviour is Misbehaviour.NO_BIRTHDATE else set()
    changed = claims | (changes.get(misbehaviour, {}) if misbehaviour else {})
    return {key: value for key, value in changed.items() if key not in left_out}


def signed(claims: Claims, keys: Keys, misbehaviour: Misbehaviour | None) -> str:
    """The token, signed with the current key unless the misbehaviour asks for something else."""
    header = {"alg": ALG, "typ": "JWT", "kid": keys.current.kid}
    match misbehaviour:
        case Misbehaviour.ALG_NONE:
            return f"{_signing_input({'alg': 'none', 'typ': 'JWT'}, claims)}."
        case Misbehaviour.HS256_WITH_PUBLIC_KEY:
            unsigned = _signing_input(header | {"alg": "HS256"}, claims)
            public_key = keys.current.as_pem(private=False)
            return f"{unsigned}.{_b64(hmac.digest(public_key, unsigned.encode(), 'sha256'))}"
        case Misbehaviour.UNKNOWN_KID:
            return jwt.encode(header | {"kid": "nobody-published-this"}, claims, new_key(), algorithms=[ALG])
        case Misbehaviour.WRONG_SIGNATURE:
            return jwt.encode(header, claims, new_key(), algorithms=[ALG])
        case _:
            return jwt.encode(header, claims, keys.current, algorithms=[ALG])


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signing_input(header: Claims, claims: Claims) -> str:
    return ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))

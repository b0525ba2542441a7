"""What the demo keeps to itself, and keeps, so that yesterday's letters and processes are still readable today."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, fields
from pathlib import Path

from joserfc.jwk import ECKey

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one demo folder, in the form in which the programs take them from their surroundings."""

    payload_keys: str
    secret_key: str
    eid_client_key: str
    staff_client_key: str
    receipt_keys: str
    pseudonym_key: str
    sandbox_key: str


def keys_of(folder: Path) -> Keys:
    """Read the folder's secrets, readable by its owner only. What is missing is made: all of it at the first time, new kinds later."""
    path = folder / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    if kept.keys() != {kind.name for kind in fields(Keys)}:
        kept = _new_keys() | kept
        unfinished = folder / "secrets.unfinished"
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(kept))
        unfinished.rename(path)
    return Keys(**kept)


def write_client_jwks(client_key: str, path: Path) -> None:
    """Write the public half of a key that proves to the OpenID provider who we are, as the JWKS it wants."""
    path.write_text(json.dumps({"keys": [ECKey.import_key(json.loads(client_key)).as_dict(private=False)]}))


def _new_keys() -> dict[str, str]:
    return {
        "payload_keys": json.dumps({"demo-1": _random_key()}),
        "secret_key": _random_key(),
        "eid_client_key": _new_client_key(),
        "staff_client_key": _new_client_key(),
        "receipt_keys": f"[{_new_client_key()}]",
        "pseudonym_key": _random_key(),
        "sandbox_key": _random_key(),
    }


def _new_client_key() -> str:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True, auto_kid=True)
    return json.dumps(key.as_dict(private=True))


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()

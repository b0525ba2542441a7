"""What an app keeps in a phone's protected storage, and never tells anybody."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import ECKey

from stand_ins.phone.idk1 import KEY, b64, unb64


@dataclass(frozen=True, slots=True)
class Wallet:
    """The keys of one card: one signs for the phone, one opens claims, one opens the holder's log."""

    device_key: ECKey = field(repr=False)
    cek: bytes = field(repr=False)
    log_key: X25519PrivateKey = field(repr=False)
    mailbox_id: UUID
    card_id: UUID | None = None

    @classmethod
    def new(cls) -> Wallet:
        """Keys for a card that has still to be issued."""
        return cls(ECKey.generate_key("P-256"), secrets.token_bytes(KEY), X25519PrivateKey.generate(), uuid4())

    @property
    def thumbprint(self) -> str:
        """By which the login and the issuer know the phone (RFC 7638)."""
        return self.device_key.thumbprint()

    @property
    def public_jwk(self) -> dict[str, Any]:
        """The device key as others may see it."""
        return dict(self.device_key.as_dict(private=False))

    def holding(self, card_id: UUID) -> Wallet:
        """The same keys once the card is there."""
        return replace(self, card_id=card_id)

    def kept(self) -> str:
        """Everything as text, to be put away safely."""
        return json.dumps(
            {
                "device_key": self.device_key.as_dict(private=True),
                "cek": b64(self.cek),
                "log_key": b64(self.log_key.private_bytes_raw()),
                "mailbox_id": str(self.mailbox_id),
                "card_id": str(self.card_id) if self.card_id else None,
            }
        )

    @classmethod
    def restored(cls, kept: str) -> Wallet:
        """Read what `kept` wrote."""
        said: Mapping[str, Any] = json.loads(kept)
        return cls(
            ECKey.import_key(said["device_key"]),
            unb64(said["cek"]),
            X25519PrivateKey.from_private_bytes(unb64(said["log_key"])),
            UUID(said["mailbox_id"]),
            UUID(said["card_id"]) if said["card_id"] else None,
        )

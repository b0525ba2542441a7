"""The code and the link in a letter. Both follow from the challenge's id and our secret key, so neither is stored anywhere."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from domain.ids import ChallengeId

CODE_DIGITS = 6
TOKEN_BYTES = 16 + 32


@dataclass(frozen=True, slots=True)
class LetterSecrets:
    """Makes and recognises what a confirmation letter proves with. Takes a key of 32 bytes."""

    key: bytes

    def code(self, challenge: ChallengeId) -> str:
        """Make the challenge's code: six digits."""
        number = int.from_bytes(self._mac(b"code", challenge)[:8], "big")
        return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"

    def token(self, challenge: ChallengeId) -> str:
        """Make the challenge's link token: 64 characters that fit in a URL, and say which challenge they belong to."""
        return base64.urlsafe_b64encode(challenge.bytes + self._mac(b"link", challenge)).decode()

    def code_matches(self, challenge: ChallengeId, code: str) -> bool:
        """Tell whether this is the challenge's code, in a time that says nothing about how close it was."""
        return hmac.compare_digest(self.code(challenge).encode(), code.encode())

    def challenge_of(self, token: str) -> ChallengeId | None:
        """Find the challenge that a token was made for, or None when we did not make it."""
        try:
            opened = base64.urlsafe_b64decode(token.encode("ascii"))
        except (UnicodeEncodeError, binascii.Error):
            return None
        if len(opened) != TOKEN_BYTES:
            return None
        challenge = ChallengeId(UUID(bytes=opened[:16]))
        return challenge if hmac.compare_digest(self._mac(b"link", challenge), opened[16:]) else None

    def _mac(self, purpose: bytes, challenge: ChallengeId) -> bytes:
        return hmac.new(self.key, b"letter|" + purpose + b"|" + challenge.bytes, hashlib.sha256).digest()

"""The codes and links in letters. They follow from what they are about and our secret key, so none is stored anywhere."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from domain.ids import ChallengeId, HandoverId, InvitationId, RecoveryId

CODE_DIGITS = 6
TOKEN_BYTES = 16 + 32


@dataclass(frozen=True, slots=True)
class LetterSecrets:
    """Makes and recognises what somebody proves with that they have read a letter. Takes a key of 32 bytes."""

    key: bytes

    def code(self, challenge: ChallengeId) -> str:
        """Make the challenge's code: six digits."""
        number = int.from_bytes(self._mac(b"code", challenge)[:8], "big")
        return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"

    def token(self, challenge: ChallengeId) -> str:
        """Make the challenge's link token: 64 characters that fit in a URL, and say which challenge they belong to."""
        return self._token(b"link", challenge)

    def invitation_token(self, invitation: InvitationId) -> str:
        """Make the invitation's link token, which is the same in every letter about it."""
        return self._token(b"invitation", invitation)

    def recovery_token(self, recovery: RecoveryId) -> str:
        """Make the token of the link by which the old address confirms."""
        return self._token(b"recovery", recovery)

    def handover_token(self, handover: HandoverId) -> str:
        """Make the token of the link by which a colleague takes a signup over."""
        return self._token(b"handover", handover)

    def code_matches(self, challenge: ChallengeId, code: str) -> bool:
        """Tell whether this is the challenge's code, in a time that says nothing about how close it was."""
        return hmac.compare_digest(self.code(challenge).encode(), code.encode())

    def challenge_of(self, token: str) -> ChallengeId | None:
        """Find the challenge that a token was made for, or None when we did not make it."""
        found = self._made_for(b"link", token)
        return None if found is None else ChallengeId(found)

    def invitation_of(self, token: str) -> InvitationId | None:
        """Find the invitation that a token was made for, or None when we did not make it."""
        found = self._made_for(b"invitation", token)
        return None if found is None else InvitationId(found)

    def recovery_of(self, token: str) -> RecoveryId | None:
        """Find the recovery that a token was made for, or None when we did not make it."""
        found = self._made_for(b"recovery", token)
        return None if found is None else RecoveryId(found)

    def handover_of(self, token: str) -> HandoverId | None:
        """Find the handover that a token was made for, or None when we did not make it."""
        found = self._made_for(b"handover", token)
        return None if found is None else HandoverId(found)

    def _token(self, purpose: bytes, about: UUID) -> str:
        return base64.urlsafe_b64encode(about.bytes + self._mac(purpose, about)).decode()

    def _made_for(self, purpose: bytes, token: str) -> UUID | None:
        try:
            opened = base64.urlsafe_b64decode(token.encode("ascii"))
        except (UnicodeEncodeError, binascii.Error):
            return None
        if len(opened) != TOKEN_BYTES:
            return None
        about = UUID(bytes=opened[:16])
        return about if hmac.compare_digest(self._mac(purpose, about), opened[16:]) else None

    def _mac(self, purpose: bytes, about: UUID) -> bytes:
        return hmac.new(self.key, b"letter|" + purpose + b"|" + about.bytes, hashlib.sha256).digest()

"""What is wrong with cards, receipts and heads that somebody has tampered with."""

from __future__ import annotations


class Untrustworthy(Exception):
    """Something is not what its keys or its signature say it should be. It never says what was inside."""


class DoesNotOpen(Untrustworthy):
    """A ciphertext was changed, or belongs to another key, card, version or claim."""


class NotSigned(Untrustworthy):
    """A signed text is malformed, of another kind, or signed by nobody whom we trust."""


class NotInStatement(Untrustworthy):
    """A claim opened, but the issuer has never vouched for it."""

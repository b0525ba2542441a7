"""How Hypothesis looks for what breaks a rule."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no reason to fail.
settings.register_profile("skranke", deadline=None)
settings.load_profile("skranke")

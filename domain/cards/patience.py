"""How long things last around a check."""

from __future__ import annotations

from datetime import timedelta

# By the server's clock, from the moment the app has registered the code.
CODE_LIVES = timedelta(seconds=30)
# A till that got no answer may ask again for so long, with the same key, and gets the very same answer.
REPEAT_WITHIN = timedelta(seconds=10)
# A till takes the answer off its screen after this.
SHOWN_FOR = timedelta(seconds=20)

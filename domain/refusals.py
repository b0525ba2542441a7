"""How the business says no."""

from __future__ import annotations

from collections.abc import KeysView
from typing import ClassVar


class Refusal(Exception):
    """The business says no, in its own words and with a code that never changes.

    `words` is an English sentence and the key of its translations; `facts` fill its `%(name)s` places. Facts travel in workflow
    histories and logs, so they never say anything about a person.
    """

    code: ClassVar[str]
    words: ClassVar[str]
    _by_code: ClassVar[dict[str, type[Refusal]]] = {}

    def __init__(self, **facts: str) -> None:
        """Refuse, with what the sentence needs to be complete."""
        super().__init__(self.words % facts)
        self.facts = facts

    def __init_subclass__(cls) -> None:
        """Make the refusal known by its code, so that it can be told again at another door."""
        super().__init_subclass__()
        known = cls._by_code.setdefault(cls.code, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            message = f"{cls.__qualname__} and {known.__qualname__} share the code {cls.code}"
            raise TypeError(message)

    @classmethod
    def named(cls, code: str, facts: dict[str, str]) -> Refusal:
        """Tell a refusal again from its code and facts. Raises KeyError for a code that nobody gave."""
        return cls._by_code[code](**facts)

    @classmethod
    def codes(cls) -> KeysView[str]:
        """Every code that some refusal bears."""
        return cls._by_code.keys()

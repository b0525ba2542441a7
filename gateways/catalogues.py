"""The texts that people read, in their language."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from domain.languages import Language

LOCALE = Path(__file__).parent.parent / "web" / "locale"


class CatalogueIsMissing(Exception):
    """A language's catalogue has not been compiled."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: run `make translations` first")


@cache
def catalogue(language: Language) -> NullTranslations:
    """Every text of a language by its English original. Raises CatalogueIsMissing when `make translations` has not been run."""
    if language is Language.EN:
        return NullTranslations()
    path = LOCALE / language.value / "LC_MESSAGES" / "messages.mo"
    if not path.is_file():
        raise CatalogueIsMissing(path)
    with path.open("rb") as file:
        return GNUTranslations(file)


def translate(language: Language, text: str, **facts: str) -> str:
    """Say an English text in a language, its `%(name)s` places filled with facts."""
    return catalogue(language).gettext(text) % facts

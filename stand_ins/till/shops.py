"""The tills there are, and what each of them logs in with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shop:
    """One till of one shop, as its company has set it up. A `sandbox` till knows test persons only."""

    id: str
    company: str
    place: str
    terminal: str
    client_id: str
    client_secret: str = field(repr=False)
    purposes: tuple[str, ...]
    sandbox: bool = False


def shops_in(path: Path) -> Mapping[str, Shop]:
    """Read the tills by id, in the order of the file; nobody's as long as nobody has written it."""
    if not path.is_file():
        return {}
    written = json.loads(path.read_text("utf-8"))
    return {shop["id"]: Shop(**shop | {"purposes": tuple(shop["purposes"])}) for shop in written}

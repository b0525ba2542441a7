"""Which fields of a request are wrong and how, in words for a developer, and without what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_TOLD = 10
OTHERWISE = "is not of the form that the documentation names"
# By pydantic's kinds of errors. Its own words may repeat what was sent.
WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "holds a field that is not known here",
    "string_type": "must be text",
    "string_too_short": "must have at least %(min_length)s characters",
    "string_too_long": "must have at most %(max_length)s characters",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "too_long": "must have at most %(max_length)s entries",
    "too_short": "must have at least %(min_length)s entries",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dataclass_type": "must be an object",
    "enum": "must be one of the values that the documentation lists",
    "literal_error": "must be one of the values that the documentation lists",
    "uuid_parsing": "must be a UUID",
    "uuid_type": "must be a UUID",
    "date_from_datetime_parsing": "must be a date such as 2026-11-22",
    "datetime_from_date_parsing": "must be a moment such as 2026-11-22T13:05:00Z",
    "greater_than_equal": "must be at least %(ge)s",
    "less_than_equal": "must be at most %(le)s",
}


@dataclass(frozen=True, slots=True)
class WrongField:
    """One field that is wrong: where it stands, as a JSON pointer (RFC 6901) into the body or by the parameter's name, and how."""

    place: str
    problem: str
    in_body: bool


def wrong_fields(errors: Sequence[Any]) -> Sequence[WrongField]:
    """Say what is wrong with a request that does not fit its model, by the errors that FastAPI found."""
    return [_wrong(error) for error in errors[:MOST_TOLD]]


def _wrong(error: Mapping[str, Any]) -> WrongField:
    kind, (part, *path) = str(error["type"]), error["loc"]
    # The name of a field that is not known is the caller's own word.
    named = path[:-1] if kind == "extra_forbidden" else path
    problem = WORDS.get(kind, OTHERWISE) % error.get("ctx", {})
    if part == "body":
        return WrongField("#" + "".join(f"/{step}" for step in named), problem, in_body=True)
    return WrongField(".".join(map(str, named)) or str(part), problem, in_body=False)

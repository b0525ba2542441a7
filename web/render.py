"""Pages as HTML, in the reader's language."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.cards.data_sets import DATA_SETS
from domain.cards.purposes import PURPOSES
from domain.languages import Language
from domain.refusals import Refusal
from domain.words import _
from gateways.catalogues import catalogue, translate

__all__ = ["render", "translate"]

WEB = Path(__file__).parent
OSLO = ZoneInfo("Europe/Oslo")
NO_BREAK = "\N{NO-BREAK SPACE}"

# What checks are logged under: purposes, and the data sets of tills that name no purpose.
NAMED_PURPOSES = {**PURPOSES, **{data_set.code: data_set for data_set in DATA_SETS.values()}}
# Babel has ready-made formats, but not the ones that Norwegians and Britons write in a letter.
DAY = {Language.NB: "d. MMMM y", Language.EN: "d MMMM y"}
SHORT_DAY = {Language.NB: "d. MMM", Language.EN: "d MMM"}
MOMENT = {Language.NB: "d. MMMM y 'kl.' HH.mm", Language.EN: "d MMMM y 'at' HH:mm"}


def render(template: str, language: Language, nonce: str, **context: object) -> str:
    """Make a page or a fragment. Each template says at its top which names it wants; one that is missing raises UndefinedError.

    The nonce is the one that the answer's Content-Security-Policy carries.
    """
    return _environment(language).get_template(template).render(nonce=nonce, **context)


@cache
def _environment(language: Language) -> Environment:
    # One whole environment per language: overlays share their globals, so one language's words would leak into the others.
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.globals.update(language=language.value, other_language=_other(language).value, asset=_asset)
    environment.filters.update(
        said=partial(_said, language),
        when=partial(_formatted, language, MOMENT[language]),
        day=partial(_formatted, language, DAY[language]),
        short_day=partial(_formatted, language, SHORT_DAY[language]),
        time_since=partial(_time_since, language),
        orgno=_organisation_number,
        purpose_name=partial(_purpose_name, language),
        dialled=_dialled,
    )
    return environment


def _other(language: Language) -> Language:
    return Language.EN if language is Language.NB else Language.NB


def _said(language: Language, refusal: Refusal) -> str:
    return translate(language, refusal.words, **refusal.facts)


def _formatted(language: Language, pattern: str, moment: date) -> str:
    """Write a moment as it was in Oslo, or a day, such as a birthday, which is the same everywhere."""
    if not isinstance(moment, datetime):
        return format_date(moment, pattern, locale=language.value)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be shown")
    return format_datetime(moment, pattern, tzinfo=OSLO, locale=language.value)


def _time_since(language: Language, moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, in its largest whole unit: "3 minutes". A moment that is still to come counts as now."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return translate(language, _("less than a minute"))
    return format_timedelta(passed, locale=language.value, threshold=1)


def _purpose_name(language: Language, code: str) -> str:
    """Say what a check is for; a purpose that is not offered any more by its code."""
    return translate(language, NAMED_PURPOSES[code].words) if code in NAMED_PURPOSES else code


def _organisation_number(number: str) -> str:
    return NO_BREAK.join((number[:3], number[3:6], number[6:]))


def _dialled(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


@cache
def _asset(name: str) -> str:
    # The address changes with the content, so a browser may keep the file for ever.
    content = (WEB / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"

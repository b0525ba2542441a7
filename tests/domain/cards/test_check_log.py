"""The log of checks, and whoever lays hands on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from uuid import UUID

import pytest

from domain.cards.check_log import Chain, LoggedCheck, MonthHead, chain_of, first_link, leaf_hash, link, links, read_head, sign_head
from domain.cards.ids import CheckId, PlaceId, TerminalId, new_check_id
from domain.cards.jose import SigningKey, sign
from domain.cards.log_audit import Entry, Finding, Tampering, verify
from domain.cards.untrustworthy import NotSigned

KEY = SigningKey.generate("2026-11")
KEYS = {KEY.kid: KEY.public}
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
CHAIN = Chain("310279323", "2026-11")
PLACE, TERMINAL = PlaceId(UUID(int=1)), TerminalId(UUID(int=2))
LENGTH = 40
HEADS_AT = (1, 4, 11, 12, 25, LENGTH)
TAMPERS = 200


def row(number: int) -> LoggedCheck:
    """Write a row, each a little different."""
    at = NOON + timedelta(seconds=number)
    return LoggedCheck(
        check_id=new_check_id(at),
        orgnr=CHAIN.orgnr,
        client="till-17",
        place=PLACE,
        terminal=TERMINAL,
        shop="Ølbua",
        till="kasse-1",
        purpose="alcohol_20",
        outcome="ok",
        released=("age_over_20", "portrait"),
        sandbox=False,
        at=at,
    )


def linked(rows: Sequence[LoggedCheck]) -> list[Entry]:
    """Chain rows as the sequencer does."""
    leaves = [leaf_hash(check) for check in rows]
    made = zip(rows, leaves, links(first_link(CHAIN), leaves), strict=True)
    return [Entry(number, hash_, check.check_id, check, leaf) for number, (check, leaf, hash_) in enumerate(made, 1)]


LOG = linked([row(number) for number in range(LENGTH)])
HEADS = [sign_head(MonthHead(CHAIN, number, LOG[number - 1].hash), KEY) for number in HEADS_AT]
STRANGER = row(7)


def numbered(entries: Sequence[Entry]) -> list[Entry]:
    """Number entries from 1, as an intruder does to leave no gap."""
    return [replace(entry, sequence=number) for number, entry in enumerate(entries, 1)]


def relinked(entries: Sequence[Entry]) -> list[Entry]:
    """Make every leaf and link anew, as an intruder does who knows how the log works."""
    return linked([entry.check for entry in entries if entry.check])


def of(check: LoggedCheck, entry: Entry) -> Entry:
    """Put another row, with its right leaf, under a link."""
    return replace(entry, check=check, check_id=check.check_id, leaf=leaf_hash(check))


def otherwise(check: LoggedCheck, random: Random) -> LoggedCheck:
    """Change one thing in a row."""
    changes: Sequence[LoggedCheck] = (
        replace(check, check_id=CheckId(UUID(int=random.getrandbits(128)))),
        replace(check, place=PlaceId(UUID(int=3))),
        replace(check, terminal=TerminalId(UUID(int=3))),
        replace(check, purpose="alcohol_18"),
        replace(check, outcome="holder_limited"),
        replace(check, released=("age_over_20",)),
        replace(check, released=("age_over_20,portrait",)),
        replace(check, at=check.at + timedelta(microseconds=1)),
    )
    return random.choice(changes)


def change(place: int, random: Random) -> list[Entry]:
    """Change a row: alone, with its leaf, with its link as well, or with everything after it."""
    check = otherwise(LOG[place].check or STRANGER, random)
    alone = replace(LOG[place], check=check)
    with_leaf = of(check, LOG[place])
    with_link = replace(with_leaf, hash=link(LOG[place - 1].hash if place else first_link(CHAIN), leaf_hash(check)))
    log = [*LOG[:place], random.choice([alone, with_leaf, with_link]), *LOG[place + 1 :]]
    return random.choice([log, log, log, relinked(log)])


def delete(place: int, random: Random) -> list[Entry]:
    """Take a row out: its link stays, goes too, is closed over, or everything is chained anew."""
    emptied = [*LOG[:place], replace(LOG[place], check=None, leaf=None), *LOG[place + 1 :]]
    log = [*LOG[:place], *LOG[place + 1 :]]
    return random.choice([emptied, log, numbered(log), relinked(log)])


def insert(place: int, random: Random) -> list[Entry]:
    """Put a row in: under somebody's number, under a number of its own with a link that fits or does not, or chained anew."""
    previous = LOG[place - 1].hash if place else first_link(CHAIN)
    fitting = Entry(place + 1, link(previous, leaf_hash(STRANGER)), STRANGER.check_id, STRANGER, leaf_hash(STRANGER))
    stranger = random.choice([fitting, replace(fitting, hash=random.randbytes(32))])
    log = [*LOG[:place], stranger, *LOG[place:]]
    return random.choice([log, numbered(log), relinked(log)])


def reorder(place: int, random: Random) -> list[Entry]:
    """Let two rows change places: under their links, with them, or chained anew."""
    other = random.choice([number for number in range(LENGTH) if number != place])
    log = list(LOG)
    log[place], log[other] = log[other], log[place]
    under = list(LOG)
    for here, there in ((place, other), (other, place)):
        check = LOG[there].check
        assert check
        under[here] = of(check, LOG[here])
    return random.choice([numbered(log), under, relinked(log)])


def cut(place: int, random: Random) -> list[Entry]:
    """Cut the tail off."""
    return random.choice([LOG[:place], relinked(LOG[:place])])


def first_difference(log: Sequence[Entry]) -> int:
    """Say at which number a log is not what it was."""
    same = [entry == original for entry, original in zip(log, LOG, strict=False)]
    return same.index(False) + 1 if False in same else min(len(log), LENGTH) + 1


WAYS: dict[Callable[[int, Random], list[Entry]], set[Tampering]] = {
    change: {Tampering.CHANGED},
    delete: {Tampering.MISSING},
    insert: {Tampering.INSERTED},
    reorder: {Tampering.REORDERED},
    cut: {Tampering.MISSING},
}


def is_named(finding: Finding | None, log: Sequence[Entry], kinds: set[Tampering]) -> bool:
    """Tell whether a finding names the place, or, where everything was chained anew, the stretch between two heads."""
    place = first_difference(log)
    if finding is None:
        return False
    if finding.since is not None:
        return finding.since <= place <= finding.sequence
    return finding.what in kinds and finding.sequence == place


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
def test_every_tampering_is_named(way: Callable[[int, Random], list[Entry]]) -> None:
    """A thousand in all, by somebody who may write to every table and stops at different points of covering it up."""
    random = Random(310279323)  # noqa: S311 - nothing here is secret
    tampered = [way(random.randrange(LENGTH), random) for _ in range(TAMPERS)]
    unnamed = [
        (finding, first_difference(log)) for log in tampered if not is_named(finding := verify(CHAIN, log, HEADS, KEYS), log, WAYS[way])
    ]

    assert [] == unnamed


def test_an_untouched_log_is_in_order() -> None:
    """With all heads, with none, and with rows after the last."""
    assert verify(CHAIN, LOG, HEADS, KEYS) is None
    assert verify(CHAIN, LOG, HEADS[:-1], KEYS) is None
    assert verify(CHAIN, LOG, reversed(HEADS), KEYS) is None
    assert verify(CHAIN, LOG, [], KEYS) is None
    assert verify(CHAIN, [], [], KEYS) is None


def test_a_forged_head_is_seen() -> None:
    """Signed by nobody, for another company's chain, or two of one number."""
    shifted = sign_head(MonthHead(CHAIN, 4, LOG[4].hash), KEY)
    elsewhere = sign_head(MonthHead(replace(CHAIN, month="2026-10"), 4, LOG[3].hash), KEY)
    strangers = sign_head(MonthHead(CHAIN, 4, LOG[3].hash), SigningKey.generate(KEY.kid))

    assert Finding(Tampering.HEAD_FORGED, 0) == verify(CHAIN, LOG, [*HEADS, strangers], KEYS)
    assert Finding(Tampering.HEAD_FORGED, 4) == verify(CHAIN, LOG, [*HEADS, elsewhere], KEYS)
    assert Finding(Tampering.HEAD_FORGED, 4) == verify(CHAIN, LOG, [*HEADS, shifted], KEYS)


def test_a_head_is_read_as_it_was_signed() -> None:
    """The company keeps it; we have nothing else to be held to."""
    head = MonthHead(CHAIN, 4, LOG[3].hash)

    assert head == read_head(sign_head(head, KEY), KEYS)
    with pytest.raises(NotSigned):
        read_head(sign({"orgnr": CHAIN.orgnr, "month": "2026-11", "sequence": "x", "hash": ""}, KEY, "idk1-log-head+jwt"), KEYS)


def test_a_row_has_one_form_and_belongs_to_norways_month() -> None:
    """Whatever time zone the database tells the moment in."""
    check = replace(row(0), at=datetime(2026, 10, 31, 23, 0, tzinfo=UTC))
    again = replace(check, at=check.at.astimezone(timezone(timedelta(hours=9))), released=list(check.released))

    assert leaf_hash(check) == leaf_hash(again)
    assert CHAIN == chain_of(check) == chain_of(again)
    assert "2026-10" == chain_of(replace(check, at=check.at - timedelta(hours=1))).month


def test_neighbouring_fields_do_not_run_into_each_other() -> None:
    """What is cut differently is another row."""
    check = row(0)

    assert leaf_hash(replace(check, purpose="a", outcome="bc")) != leaf_hash(replace(check, purpose="ab", outcome="c"))
    assert leaf_hash(replace(check, released=("a", "b"))) != leaf_hash(replace(check, released=("a,b",)))
    assert leaf_hash(replace(check, released=("",))) != leaf_hash(replace(check, released=()))
    assert first_link(CHAIN) != first_link(Chain(CHAIN.orgnr, "2026-12")) != first_link(Chain("315014700", "2026-12"))
    with pytest.raises(ValueError, match="NUL"):
        leaf_hash(replace(check, purpose="a\0b"))

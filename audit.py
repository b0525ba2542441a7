"""Prove the log of checks with public keys alone, and name what somebody has changed, deleted, inserted or moved.

    python audit.py --keys receipt-keys.json [--heads kept.txt]                  the whole log, in the database
    python audit.py --export 310279323 2026-11 > log.jsonl                       one company's month, for whoever audits it
    python audit.py --keys receipt-keys.json [--heads kept.txt] --log log.jsonl  that month, without the database

`receipt-keys.json` is what the API publishes at /.well-known/receipt-keys.json. `kept.txt` holds signed heads that the company or
its auditor has fetched from /v1/check-log/heads and kept, one a line: only they prove that the end of a log was not cut off
together with its head. Exit code 1 tells that something was found, 2 that nothing could be proved.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from database.log_reading import reading
from domain.cards.check_log import Chain, read_head
from domain.cards.jose import PublicKeys, from_json, from_jwks
from domain.cards.log_audit import Entry, Finding, audit
from domain.cards.log_file import LogFile, NotALog, read, write
from domain.cards.untrustworthy import NotSigned
from settings import AuditSettings

Kept = Mapping[Chain, Sequence[str]]

FOUND, NOT_PROVED = 1, 2


class Count:
    """Counts the places of a chain while they are read."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self.rows = 0

    def __iter__(self) -> Iterator[Entry]:
        """Hand them on."""
        for entry in self._entries:
            self.rows += 1
            yield entry


def main() -> int:
    """Do what the words say."""
    told = _words()
    try:
        if told.export:
            _export(Chain(*told.export))
            return 0
        keys = from_jwks(from_json(told.keys.read_bytes()))
        kept = _kept(told.heads, keys)
        return _prove_file(told.log, keys, kept) if told.log else _prove_database(keys, kept)
    except (NotALog, NotSigned, ValueError) as error:
        sys.stderr.write(f"nothing is proved: {type(error).__name__} {error}\n")
        return NOT_PROVED


def _prove_database(keys: PublicKeys, kept: Kept) -> int:
    found = 0
    with reading(AuditSettings().database_url) as log:
        # A chain of which nothing is left is known by the heads that others have kept.
        for chain in sorted({*log.chains(), *kept}, key=lambda chain: (chain.orgnr, chain.month)):
            found += _prove(LogFile(chain, log.head(chain), log.entries(chain)), keys, kept)
        for check_id in log.strangers():
            found += 1
            sys.stdout.write(f"INSERTED  row {check_id} has no place in any chain\n")
    sys.stdout.write(f"{found} found\n" if found else "the log is as it was signed\n")
    return FOUND if found else 0


def _prove_file(path: Path, keys: PublicKeys, kept: Kept) -> int:
    with path.open("rb") as lines:
        return FOUND if _prove(read(lines), keys, kept) else 0


def _prove(log: LogFile, keys: PublicKeys, kept: Kept) -> int:
    """Say in a line what became of a chain; 1 if something was done to it."""
    entries = Count(log.entries)
    finding = audit(log.chain, entries, log.head, kept.get(log.chain, ()), keys)
    name = f"{log.chain.orgnr} {log.chain.month}"
    sys.stdout.write(f"{_named(finding)}  {name}\n" if finding else f"ok  {name}  {entries.rows} checks\n")
    return int(finding is not None)


def _named(finding: Finding) -> str:
    since = f" or one since place {finding.since}" if finding.since is not None else ""
    check = f" (check {finding.check_id})" if finding.check_id else ""
    return f"{finding.what.upper()}  place {finding.sequence}{since}{check}"


def _export(chain: Chain) -> None:
    with reading(AuditSettings().database_url) as log:
        sys.stdout.buffer.writelines(write(LogFile(chain, log.head(chain), log.entries(chain))))


def _kept(path: Path | None, keys: PublicKeys) -> Kept:
    """Read heads that somebody has kept. Raises NotSigned for one that is not ours."""
    heads: dict[Chain, list[str]] = {}
    for jws in path.read_text("utf-8").split() if path else ():
        heads.setdefault(read_head(jws, keys).chain, []).append(jws)
    return heads


def _words() -> Namespace:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=Path, help="the published keys of receipts, a JWK set")
    parser.add_argument("--heads", type=Path, help="signed heads that somebody has kept, one a line")
    parser.add_argument("--log", type=Path, help="a log that was exported, instead of the database")
    parser.add_argument("--export", nargs=2, metavar=("NUMBER", "MONTH"), help="write a company's log of a month, such as 2026-11")
    told = parser.parse_args()
    if not told.export and not told.keys:
        parser.error("--keys is wanted to prove anything")
    return told


if __name__ == "__main__":
    sys.exit(main())

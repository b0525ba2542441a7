"""`python -m tests.soak.noise FOLDER -runs=N`: noise at the reader of codes that learns from the branches it reaches."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["domain"]):
    from domain.cards.codes import read_code
    from domain.cards.refusals import QrMalformed, QrOtherScheme


def try_out(noise: bytes) -> None:
    """Read noise as a code. Anything but a refusal, or a code that is not read back as itself, ends the program."""
    text = atheris.FuzzedDataProvider(noise).ConsumeUnicode(len(noise))
    for scanned in (text, noise.decode("latin-1")):
        try:
            code = read_code(scanned)
        except (QrMalformed, QrOtherScheme):
            continue
        assert code == read_code(code.text())


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_out)
    atheris.Fuzz()

"""Documents are known by what is in them, and kept sealed."""

from __future__ import annotations

import struct
import zlib
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from domain.desk.documents import (
    LARGEST_DOCUMENT,
    DocumentIsEmpty,
    DocumentNotTaken,
    DocumentSafe,
    DocumentTooLarge,
    DocumentType,
    document_type,
    file_name_in,
)

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x04xx\xff\xda\0\x02picture\xff\xd9"


def chunk(name: bytes, content: bytes) -> bytes:
    """One piece of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"xyz") + chunk(b"IEND", b"")
EACH = [(PDF, DocumentType.PDF), (PNG, DocumentType.PNG), (JPEG, DocumentType.JPEG)]


@pytest.mark.parametrize(("content", "kind"), EACH)
def test_what_we_take_is_known_by_its_content(content: bytes, kind: DocumentType) -> None:
    """A name's ending is the sender's to choose."""
    assert kind is document_type(content)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0",
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04",
        PDF[:-7],
        b"GIF89a" + PDF,
        PNG[:-4],
        PNG + b"<script>",
        JPEG[:-2],
        JPEG + b"PK\x03\x04",
        b"\xff\xd8\xff\xd9",
        PDF.replace(b"/Type", b"/JavaScript (app.alert(1)) /Type"),
        PDF.replace(b"/Type", b"/JS (x) /Type"),
        PDF.replace(b"/Type", b"/J#61vaScript (x) /Type"),
        PDF.replace(b"/Type", b"/Launch <<>> /Type"),
        PDF.replace(b"/Type", b"/EmbeddedFile 3 0 R /Type"),
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    """Programs, pages, half files, two files in one, and paper that would do something."""
    with pytest.raises(DocumentNotTaken):
        document_type(content)


def test_an_empty_document_is_called_that() -> None:
    """Whoever sent it has to know that nothing came."""
    with pytest.raises(DocumentIsEmpty):
        document_type(b"")


def test_ten_megabytes_are_enough() -> None:
    """And one byte more is too much."""
    with pytest.raises(DocumentTooLarge):
        document_type(b"\0" * (LARGEST_DOCUMENT + 1))


@given(st.binary(max_size=200))
def test_no_content_brings_the_reader_down(content: bytes) -> None:
    """Whatever comes is taken or refused."""
    for head in (b"", PNG[:16], JPEG[:6], PDF[:8]):
        try:
            document_type(head + content)
        except (DocumentIsEmpty, DocumentNotTaken):
            continue


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("kontrakt.pdf", "kontrakt.pdf"),
        ("C:\\Users\\kari\\Arbeidsavtale 2026 (signert).pdf", "Arbeidsavtale 2026 (signert).pdf"),
        ("../../etc/passwd", "passwd"),
        ('x";\r\nSet-Cookie: a=b', "x_Set-Cookie_ a_b"),
        ("", "document"),
        ("a" * 500 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_files_name_is_made_harmless(typed: str, kept: str) -> None:
    """It stands in a header when the file is fetched."""
    assert kept == file_name_in(typed)


def test_a_sealed_document_opens_as_itself_only() -> None:
    """A row that was swapped for another, or changed, is noticed."""
    safe, document = DocumentSafe({"1": b"k" * 32}), uuid4()
    key, sealed = safe.seal(document, PDF)

    assert PDF == safe.open(document, key, sealed)
    assert PDF not in sealed
    with pytest.raises(InvalidTag):
        safe.open(uuid4(), key, sealed)
    with pytest.raises(InvalidTag):
        safe.open(document, key, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    """Keys are changed while documents lie in the safe."""
    document = uuid4()
    key, sealed = DocumentSafe({"1": b"k" * 32}).seal(document, PDF)
    both = DocumentSafe({"1": b"k" * 32, "2": b"n" * 32})

    assert PDF == both.open(document, key, sealed)
    assert "2" == both.seal(document, PDF)[0]

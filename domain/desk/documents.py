"""Documents that customers show us: known by what is in them, never by what they are called, and sealed before they are kept."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.desk.conversation import WINDOW
from domain.refusals import Refusal
from domain.stages import Stage
from domain.words import _

LARGEST_DOCUMENT = 10_000_000
MOST_DOCUMENTS = 5
LONGEST_NAME = 120
# Counted from the end of the matter, by how it ended: as long as a decision can be appealed or turned round, and where nobody here
# decided, no longer than it takes to delete them.
RETENTION: Mapping[Stage, timedelta] = {
    Stage.REJECTED: WINDOW,
    Stage.PROFILE_OPENED: WINDOW,
    Stage.PROFILE_SUSPENDED: WINDOW,
    Stage.WITHDRAWN: timedelta(0),
    Stage.COMPANY_HAS_PROFILE: timedelta(0),
}
NONCE = 12

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# What makes a PDF more than paper: it would run, open, fetch or carry something.
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])")
# Any letter of a name may be written as #xx.
_SPELLED_OUT = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_HEAD, _PDF_END = re.compile(rb"%PDF-[12]\.[0-9]"), re.compile(rb"%%EOF\s*\Z")
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_NOT_IN_A_NAME = re.compile(r"[^\w .()-]+")


class DocumentType(StrEnum):
    """What we take."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


class DocumentNotTaken(Refusal):
    """It is something else, whatever its name says, or it is damaged, or more than a page to look at."""

    code = "document-not-taken"
    words = _("We take PDF, PNG and JPEG, and only documents without scripts or attachments. Save it anew, or take a picture of it.")


class DocumentTooLarge(Refusal):
    """Nobody needs that many pixels."""

    code = "document-too-large"
    words = _("A document may be at most 10 MB. Take a picture of it with fewer pixels, or send one page at a time.")


class DocumentIsEmpty(Refusal):
    """A picture that has not been fetched to the phone yet, for example: whoever sent it believes that we have it."""

    code = "document-is-empty"
    words = _("A document that you chose is empty, so nothing of it reached us. Open it to see what is in it, and choose it again.")


class TooManyDocuments(Refusal):
    """Enough is enough."""

    code = "too-many-documents"
    words = _("At most five documents can be sent with an answer.")


def document_type(content: bytes) -> DocumentType:
    """Tell what a document is by what is in it. Nothing in it is carried out.

    Raises DocumentIsEmpty, DocumentTooLarge or DocumentNotTaken.
    """
    if not content:
        raise DocumentIsEmpty
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentTooLarge
    for kind, is_that in ((DocumentType.PDF, _is_pdf), (DocumentType.PNG, _is_png), (DocumentType.JPEG, _is_jpeg)):
        if is_that(content):
            return kind
    raise DocumentNotTaken


def file_name_in(typed: str) -> str:
    """Make a name that is safe to show and to save under, from what a browser calls the file."""
    name = _NOT_IN_A_NAME.sub("_", re.split(r"[/\\]", typed)[-1]).strip(" .")
    return name[-LONGEST_NAME:] or "document"


def _is_pdf(content: bytes) -> bool:
    whole = _PDF_HEAD.match(content) is not None and _PDF_END.search(content[-1024:]) is not None
    return whole and _ACTIVE_PDF.search(_SPELLED_OUT.sub(_letter, content)) is None


def _letter(spelled_out: re.Match[bytes]) -> bytes:
    return bytes([int(spelled_out[1], 16)])


def _is_png(content: bytes) -> bool:
    """Walk the chunks from the header to the end, which must be the file's."""
    if not content.startswith(_PNG_HEAD + b"\0\0\0\x0dIHDR"):
        return False
    place = len(_PNG_HEAD)
    while place + 12 <= len(content):
        length, name = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        place += 12 + length
        if name == b"IEND":
            return place == len(content)
    return False


def _is_jpeg(content: bytes) -> bool:
    """Walk the segments to the picture itself, and see that the file ends where it does."""
    if not content.startswith(b"\xff\xd8\xff") or not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return False
    place, framed = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - every marker begins with it
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == 0xDA:  # noqa: PLR2004 - start of scan
            return framed
        framed = framed or marker in _JPEG_FRAMES
        place += 2 + length
    return False


@dataclass(frozen=True, slots=True)
class DocumentSafe:
    """Seals documents with AES-256-GCM under keys derived from the given ones; the last one seals, every one opens."""

    keys: Mapping[str, bytes] = field(repr=False)

    def seal(self, document: UUID, content: bytes) -> tuple[str, bytes]:
        """Seal a document; gives the id of the key, and what to keep. It opens as this document only."""
        key_id = list(self.keys)[-1]
        nonce = os.urandom(NONCE)
        return key_id, nonce + self._cipher(key_id).encrypt(nonce, content, document.bytes)

    def open(self, document: UUID, key_id: str, sealed: bytes) -> bytes:
        """Open a document. Raises KeyError for a key that is gone, InvalidTag for anything that was tampered with."""
        return self._cipher(key_id).decrypt(sealed[:NONCE], sealed[NONCE:], document.bytes)

    def _cipher(self, key_id: str) -> AESGCM:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"skranke documents").derive(self.keys[key_id])
        return AESGCM(derived)

"""Three protocols as far as one has to understand them to know when somebody says something that matters."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from hpack import Decoder

from tests.crashes.wires import Unit

# What a driver says on its own account, before or between the statements of the program.
ITS_OWN = re.compile(
    r";$|(BEGIN|ROLLBACK|SAVEPOINT|RELEASE|DEALLOCATE|SHOW|SET|SELECT pg_catalog|SELECT current_schema)|.*\bpg_type\b", re.IGNORECASE
)
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"
WRITES = ("INSERT ", "UPDATE ", "DELETE ")
LONGEST_POINT = 70

# The wish for an encrypted connection, which is answered by a single byte (PostgreSQL's documentation, "Message Formats").
ENCRYPTION_WISHES = {80877103, 80877104}


@dataclass(slots=True)
class HearsPostgres:
    """Every statement of a program is a point before it arrives; a COMMIT is another one when it is done but nobody knows it.

    The end of a transaction that has only read is none: whatever becomes of it, nothing is lost.
    """

    _asked: bytearray = field(default_factory=bytearray)
    _answered: bytearray = field(default_factory=bytearray)
    _begun: bool = False
    _single_bytes: int = 0
    _in_statement: bool = False
    _prepared: dict[bytes, str] = field(default_factory=dict)
    _has_written: bool = False
    _committing: bool = False

    def asked(self, data: bytes) -> Iterator[Unit]:
        """Cut into messages; the first ones have no letter before their length."""
        self._asked += data
        while not self._begun and (opening := _message(self._asked, letter=0)):
            if struct.unpack_from("!i", opening, 4)[0] in ENCRYPTION_WISHES:
                self._single_bytes += 1
            else:
                self._begun = True
            yield Unit(opening)
        while self._begun and (message := _message(self._asked, letter=1)):
            yield Unit(message, self._statement(message))

    def answered(self, data: bytes) -> Iterator[Unit]:
        """Cut into messages; a program goes on when it hears that the server is ready for the next statement."""
        self._answered += data
        while self._single_bytes and self._answered:
            self._single_bytes -= 1
            yield Unit(bytes([self._answered.pop(0)]))
        while self._begun and (message := _message(self._answered, letter=1)):
            done = self._committing and message[:1] == b"Z"
            if done:
                self._committing = False
            yield Unit(message, "COMMIT is done" if done else None)

    def _statement(self, message: bytes) -> str | None:
        """Find the statement that a message begins: in one word (Q), or parsed (P) and bound (B) until the next sync (S)."""
        kind, body = message[:1], message[5:]
        if kind == b"Q":
            return self._point(body.rstrip(b"\0").decode())
        if kind == b"S":
            self._in_statement = False
        if kind == b"P":
            name, sql = body.split(b"\0")[:2]
            self._prepared[name] = sql.decode()
            return None if name else self._begin(self._prepared[name])
        if kind == b"B":
            return self._begin(self._prepared.get(body.split(b"\0")[1], ""))
        return None

    def _begin(self, sql: str) -> str | None:
        if self._in_statement:
            return None
        self._in_statement = True
        return self._point(sql)

    def _point(self, sql: str) -> str | None:
        said = " ".join(sql.split())
        if said == COMMIT:
            self._committing, self._has_written = self._has_written, False
            return COMMIT if self._committing else None
        self._has_written |= said.startswith(WRITES)
        if said == ROLLBACK:
            self._has_written = False
        return None if ITS_OWN.match(said) else said[:LONGEST_POINT]


def _message(heard: bytearray, *, letter: int) -> bytes | None:
    """Take the first message out of what was heard, or nothing while it is not whole."""
    if len(heard) < letter + 4:
        return None
    end: int = letter + struct.unpack_from("!i", heard, letter)[0]
    if len(heard) < end:
        return None
    message = bytes(heard[:end])
    del heard[:end]
    return message


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FRAME_HEAD = 9
DATA, HEADERS, CONTINUATION = 0, 1, 9
END_HEADERS, PADDED, PRIORITY = 0x4, 0x8, 0x20
# What a program says of what it does; the rest is about the connection, or asks whether there is something to do.
CALLS = {
    "StartWorkflowExecution",
    "UpdateWorkflowExecution",
    "PollWorkflowExecutionUpdate",
    "DescribeWorkflowExecution",
    "RespondWorkflowTaskCompleted",
    "RespondActivityTaskCompleted",
    "RespondActivityTaskFailed",
}
POLLS = {"PollWorkflowTaskQueue", "PollActivityTaskQueue"}
# The answer to a poll is shorter than this when there was nothing to do.
A_TASK = 100


@dataclass(slots=True)
class HearsTemporal:
    """Every call is a point before it arrives and one before its answer does; so is every task that is handed out to a worker.

    Temporal's clients speak gRPC: a call is a stream of HTTP/2 (RFC 9113) that is opened by headers with the method's name as path.
    """

    _asked: bytearray = field(default_factory=bytearray)
    _answered: bytearray = field(default_factory=bytearray)
    _greeted: bool = False
    _headers: Decoder = field(default_factory=Decoder)
    _block: bytearray = field(default_factory=bytearray)
    _calls: dict[int, str] = field(default_factory=dict)

    def asked(self, data: bytes) -> Iterator[Unit]:
        """Cut into frames."""
        self._asked += data
        if not self._greeted and len(self._asked) >= len(PREFACE):
            self._greeted = True
            yield Unit(bytes(self._asked[: len(PREFACE)]))
            del self._asked[: len(PREFACE)]
        while self._greeted and (frame := _frame(self._asked)):
            call = self._opened(frame)
            yield Unit(frame, call if call in CALLS else None)

    def answered(self, data: bytes) -> Iterator[Unit]:
        """Cut into frames."""
        self._answered += data
        while frame := _frame(self._answered):
            yield Unit(frame, self._closed(frame))

    def _opened(self, frame: bytes) -> str | None:
        """Find the method that a stream is opened for, when its headers are whole."""
        kind, flags, stream = _head(frame)
        if kind not in {HEADERS, CONTINUATION}:
            return None
        self._block += _fragment(frame) if kind == HEADERS else frame[FRAME_HEAD:]
        if not flags & END_HEADERS:
            return None
        headers = {str(name): str(value) for name, value in self._headers.decode(bytes(self._block))}
        self._block.clear()
        method = headers.get(":path", "").rpartition("/")[2]
        if method in CALLS | POLLS:
            self._calls[stream] = method
        return method

    def _closed(self, frame: bytes) -> str | None:
        kind, _, stream = _head(frame)
        method = self._calls.get(stream)
        if kind != DATA or method is None:
            return None
        if method in POLLS and len(frame) < A_TASK:
            return None
        del self._calls[stream]
        return f"{method} is answered"


def _head(frame: bytes) -> tuple[int, int, int]:
    kind, flags, stream = struct.unpack_from("!BBI", frame, 3)
    return kind, flags, stream & 0x7FFFFFFF


def _fragment(frame: bytes) -> bytes:
    _, flags, _ = _head(frame)
    start, end = FRAME_HEAD, len(frame)
    if flags & PADDED:
        start, end = start + 1, end - frame[FRAME_HEAD]
    return frame[start + (5 if flags & PRIORITY else 0) : end]


def _frame(heard: bytearray) -> bytes | None:
    """Take the first frame out of what was heard, or nothing while it is not whole."""
    if len(heard) < FRAME_HEAD:
        return None
    end = FRAME_HEAD + int.from_bytes(heard[:3], "big")
    if len(heard) < end:
        return None
    frame = bytes(heard[:end])
    del heard[:end]
    return frame


@dataclass(slots=True)
class HearsMail:
    """Every command is a point, so is the letter itself, and so is the moment when it is kept but the sender does not know it."""

    _asked: bytearray = field(default_factory=bytearray)
    _in_letter: bool = False
    _letter_sent: bool = False

    def asked(self, data: bytes) -> Iterator[Unit]:
        """Cut into commands, and letters that end with a lonely dot (RFC 5321)."""
        self._asked += data
        while (end := self._asked.find(b"\r\n.\r\n" if self._in_letter else b"\r\n")) >= 0:
            end += 5 if self._in_letter else 2
            said = bytes(self._asked[:end])
            del self._asked[:end]
            point = "the letter" if self._in_letter else said.split()[0].decode() if said.split() else ""
            self._letter_sent = self._in_letter
            yield Unit(said, point)

    def answered(self, data: bytes) -> Iterator[Unit]:
        """Pass on; after `354` comes a letter, and after a letter the word that it was taken."""
        if data.startswith(b"354"):
            self._in_letter = True
        elif self._in_letter and self._letter_sent:
            self._in_letter = self._letter_sent = False
            yield Unit(data, "the letter is taken")
            return
        yield Unit(data)

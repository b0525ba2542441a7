"""The folder in which a demo keeps everything from one start to the next."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "lock"


class FolderInUse(Exception):
    """Another demo runs in this folder."""


@contextmanager
def folder_of_our_own(folder: Path, *, afresh: bool) -> Iterator[None]:
    """Hold the folder, emptied first if asked. Raises FolderInUse when another demo holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(f"another demo runs in {folder}: stop it first, or choose another --folder") from error
        if afresh:
            _empty(folder)
        yield


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()

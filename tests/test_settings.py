"""What the surroundings say, by variables and by files."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import WorkerSettings

KEY = base64.b64encode(bytes(32)).decode()
OPENLY = {
    "SKRANKE_PUBLIC_URL": "https://skranke.example",
    "SKRANKE_TEMPORAL_ADDRESS": "temporal:7233",
    "SKRANKE_MAIL_FROM": "Skranke <no-reply@skranke.example>",
    "SKRANKE_SUPPORT_EMAIL": "support@skranke.example",
    "SKRANKE_SUPPORT_PHONE": "+47 21 00 00 00",
}
IN_FILES = {
    "SKRANKE_DATABASE_URL": "postgresql://skranke:secret@postgres:5432/skranke",
    "SKRANKE_PAYLOAD_KEYS": json.dumps({"2026-11": KEY}),
    "SKRANKE_SECRET_KEY": KEY,
    "SKRANKE_SMTP_URL": "smtp://user:secret@mail.example:587",
}


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[Path]:
    """A folder of secrets as containers get it, and the rest in the environment, which is put back afterwards."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("SKRANKE_")]:
        del os.environ[name]
    os.environ.update(OPENLY)
    for name, value in IN_FILES.items():
        (tmp_path / name).write_text(value + "\n")
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)


def test_secrets_are_read_from_files_with_the_variables_names(secrets: Path) -> None:
    """An environment is shown to whoever may inspect a container; a file is not. The line break at its end is nobody's password."""
    read = WorkerSettings(_secrets_dir=secrets)

    assert "postgresql://skranke:secret@postgres:5432/skranke" == read.database_url
    assert {"2026-11": bytes(32)} == read.payload_keys
    assert bytes(32) == read.secret_key
    assert "smtp://user:secret@mail.example:587" == read.smtp_url


def test_the_environment_goes_before_the_files(secrets: Path) -> None:
    """Somebody who starts it by hand with another database means it."""
    os.environ["SKRANKE_DATABASE_URL"] = "postgresql://other"

    assert "postgresql://other" == WorkerSettings(_secrets_dir=secrets).database_url


def test_a_secret_that_is_wrong_is_not_repeated(secrets: Path) -> None:
    """What refuses to start is read by many."""
    (secrets / "SKRANKE_SECRET_KEY").write_text("not-base64-but-somebodys-secret")
    with pytest.raises(ValidationError) as refused:
        WorkerSettings(_secrets_dir=secrets)

    assert "secret_key" in str(refused.value)
    assert "somebodys-secret" not in str(refused.value)

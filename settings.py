"""Everything the surroundings decide. Built once by each door and handed on; nothing else reads the environment."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, EmailStr, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Where containers find their secrets, each in a file with the name that the variable would have.
SECRETS = Path("/run/secrets")


def _bytes_of_32(value: Any) -> bytes:  # noqa: ANN401 - whatever the environment holds
    if isinstance(value, bytes):
        return value
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ValueError("is not base64") from error
    if len(key) != 32:  # noqa: PLR2004 - a 256-bit key
        raise ValueError(f"holds {len(key)} bytes, not 32")
    return key


def _https_unless_on_this_machine(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url.rstrip("/")
    raise ValueError("must be https, or http on this machine")


Key = Annotated[bytes, BeforeValidator(_bytes_of_32)]
Address = Annotated[str, AfterValidator(_https_unless_on_this_machine)]


class _Surroundings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SKRANKE_", secrets_dir=None, extra="ignore", frozen=True, hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic hands it in by name
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then the files of secrets where there are any."""
        mounted = SecretsSettingsSource(settings_cls, secrets_dir=SECRETS) if SECRETS.is_dir() else file_secret_settings
        return init_settings, env_settings, mounted


class AuditSettings(_Surroundings):
    """What the audit of the log of checks needs: where the log is."""

    database_url: str


class OwnSettings(_Surroundings):
    """What every program of ours needs that serves or works."""

    database_url: str
    public_url: Address
    support_email: EmailStr
    # `host:port` where Prometheus reads; nobody else should get there, so it is never the public address.
    metrics_address: str | None = None
    # OpenTelemetry's own name, by which every other program knows it.
    otlp_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")


class TemporalSettings(_Surroundings):
    """Where Temporal is, and the keys that seal what it keeps."""

    temporal_address: str
    temporal_namespace: str = "default"
    # Key ids and keys; the last one seals, every one opens.
    payload_keys: dict[str, Key]


class CommonSettings(OwnSettings, TemporalSettings):
    """What the pages and the worker need."""

    secret_key: Key
    brreg_url: Address = "https://data.brreg.no"
    support_phone: str
    # Kept by the demo: how far its time runs ahead. Both doors must be told the same file.
    demo_clock: Path | None = None


class WorkerSettings(CommonSettings):
    """What the worker needs besides."""

    smtp_url: str
    mail_from: str


class PageSettings(CommonSettings):
    """What a server of the pages needs besides."""

    eid_issuer: Address
    eid_client_id: str
    eid_client_key: str
    # The company's own provider, for those who work here.
    staff_issuer: Address
    staff_client_id: str
    staff_client_key: str
    # Written by the demo: addresses and personas for the newcomer's tour.
    demo_tour: Path | None = None
    # `host:port`, only to see whether it answers; letters, and what it takes to hand them in, are the worker's.
    mail_server_address: str | None = None
    # The origin of Temporal's own pages, which may have payloads opened for an operator.
    temporal_ui: Address | None = None


class ApiSettings(OwnSettings):
    """What a server of the API needs; it does without Temporal."""

    # A JSON list of private P-256 keys. The last one signs receipts; the others stay published until nobody checks theirs any more.
    receipt_keys: str
    # Who signs cards and knows which of them are alive.
    card_issuer: Address
    # Whose word for who somebody is is taken when a card is enrolled, and to whom it must have been given: the holder's app.
    eid_issuer: Address
    app_client_id: str
    # Hides who a card's holder is.
    pseudonym_key: Key
    # From this the sandbox's cards get their keys.
    sandbox_key: Key
    # How many proxies stand in front, each of which adds to X-Forwarded-For; without any, a caller's own address counts.
    proxies: int = Field(default=0, ge=0)

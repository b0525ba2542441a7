"""The only way to Temporal: everything handed to it is sealed, and a refusal comes back as itself."""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio import activity
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.failure.v1 import Failure
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client, Interceptor
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec, PayloadConverter
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.runtime import LogForwardingConfig, LoggingConfig, PrometheusConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RetryConfig

from domain.refusals import Refusal
from gateways.brreg import RegisterUnavailable

ENCODING = b"binary/skranke-aes256gcm"
VERSION = b"1"
NONCE_BYTES = 12
# A page waits a few seconds for an answer, so the client must not keep trying for ten.
PATIENCE = RetryConfig(max_elapsed_time_millis=2500)
# A pause that has been doubled so often is longer than any that is asked for.
MOST_DOUBLINGS = 30


class UnreadablePayload(Exception):
    """A payload was sealed with a key that is not in the ring, or was changed on its way."""


class SealingCodec(PayloadCodec):
    """Seals payloads with AES-256-GCM. The last key of the ring seals, every key opens.

    The key's id travels beside the ciphertext and is bound to it together with the namespace, so that a payload of one
    namespace cannot be passed off in another. A payload is not bound to its workflow: whoever opens one for Temporal's own UI
    is not told where it stood.
    """

    def __init__(self, keys: Mapping[str, bytes], namespace: str) -> None:
        """Take a ring of 32-byte keys by key id, oldest first."""
        self._ring = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._sealing_key_id = list(keys)[-1]
        self._namespace = namespace

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload, its own metadata included."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open each sealed payload and leave the others as they are. Raises UnreadablePayload."""
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        key_id = self._sealing_key_id
        sealed = nonce + self._ring[key_id].encrypt(nonce, payload.SerializeToString(), self._bound_to(key_id))
        return Payload(metadata={"encoding": ENCODING, "version": VERSION, "key-id": key_id.encode()}, data=sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata["key-id"].decode()
        key = self._ring.get(key_id)
        if key is None:
            raise UnreadablePayload(f"no key {key_id!r} in the ring")
        try:
            opened = key.decrypt(payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:], self._bound_to(key_id))
        except InvalidTag as error:
            raise UnreadablePayload(f"sealed with key {key_id!r}, but changed since") from error
        return Payload.FromString(opened)

    def _bound_to(self, key_id: str) -> bytes:
        return b"|".join((VERSION, self._namespace.encode(), key_id.encode()))


class RefusalConverter(DefaultFailureConverterWithEncodedAttributes):
    """Lets a refusal cross Temporal and arrive as the refusal it was: final, with its code and its facts."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """Write a refusal as a final application error, and a silent register as a wait and not a fault."""
        super().to_failure(_as_application_error(exception), payload_converter, failure)

    def from_failure(self, failure: Failure, payload_converter: PayloadConverter) -> BaseException:
        """Read a refusal back as itself and everything else as Temporal does."""
        error = super().from_failure(failure, payload_converter)
        if isinstance(error, ApplicationError) and error.type in Refusal.codes() and error.details:
            return Refusal.named(error.type, error.details[0])
        return error


def _as_application_error(exception: BaseException) -> BaseException:
    match exception:
        case Refusal():
            return ApplicationError(str(exception), exception.facts, type=exception.code, non_retryable=True)
        case RegisterUnavailable():
            return ApplicationError(
                str(exception),
                type="RegisterUnavailable",
                next_retry_delay=_longer_than_our_own(exception.retry_after),
                category=ApplicationErrorCategory.BENIGN,
            )
        case _:
            return exception


def _longer_than_our_own(asked_for: timedelta | None) -> timedelta | None:
    """Wait as long as the other side asks, but never shorter than we would have by ourselves; None leaves it to the retry policy."""
    policy = activity.info().retry_policy if activity.in_activity() else None
    if asked_for is None or policy is None:
        return asked_for
    pause = policy.initial_interval.total_seconds() * policy.backoff_coefficient ** min(activity.info().attempt - 1, MOST_DOUBLINGS)
    longest = policy.maximum_interval or timedelta.max
    return asked_for if asked_for.total_seconds() > min(pause, longest.total_seconds()) else None


def data_converter(keys: Mapping[str, bytes], namespace: str) -> DataConverter:
    """Build what turns our values into sealed payloads and back."""
    return dataclasses.replace(
        pydantic_data_converter, payload_codec=SealingCodec(keys, namespace), failure_converter_class=RefusalConverter
    )


def runtime(metrics_address: str | None = None) -> Runtime:
    """Build what the SDK runs on: its own words go into our log, and its metrics to `host:port` where they are wanted."""
    forwarding = LogForwardingConfig(logging.getLogger("temporalio"), append_log_fields_to_message=False)
    logs = LoggingConfig(TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding)
    metrics = PrometheusConfig(metrics_address, counters_total_suffix=True, durations_as_seconds=True) if metrics_address else None
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=metrics))


async def register_attributes(client: Client, keys: Sequence[SearchAttributeKey[str]]) -> None:
    """Make sure that the namespace knows what processes are searched by. Raises RPCError where we may not or cannot."""
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    missing = {key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for key in keys if key.name not in known.custom_attributes}
    if missing:
        wanted = AddSearchAttributesRequest(search_attributes=missing, namespace=client.namespace)
        await client.operator_service.add_search_attributes(wanted)


async def connect(  # noqa: PLR0913 - a connection has all of these
    address: str,
    namespace: str,
    keys: Mapping[str, bytes],
    *,
    lazy: bool = False,
    interceptors: Sequence[Interceptor] = (),
    runs_on: Runtime | None = None,
) -> Client:
    """Reach Temporal at `host:port`. A lazy client connects at its first call, so that a page can be shown without Temporal."""
    return await Client.connect(
        address,
        namespace=namespace,
        data_converter=data_converter(keys, namespace),
        retry_config=PATIENCE if lazy else None,
        lazy=lazy,
        interceptors=interceptors,
        runtime=runs_on,
    )

"""Payloads are sealed, and refusals cross Temporal as themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import PayloadConverter

from domain.email_confirmation import CodeIsWrong
from gateways.brreg import RegisterUnavailable, Trouble
from gateways.temporal import RefusalConverter, SealingCodec, UnreadablePayload

OLD, NEW = {"2025": b"o" * 32}, {"2025": b"o" * 32, "2026": b"n" * 32}


def payload(text: str) -> Payload:
    """Make a payload as the converter would."""
    return Payload(metadata={"encoding": b"json/plain"}, data=text.encode())


@given(text=st.text())
async def test_what_is_sealed_opens_again_and_shows_nothing_meanwhile(text: str) -> None:
    """Both halves: nothing is lost, and nothing can be read on the way."""
    codec = SealingCodec(NEW, "default")
    (sealed,) = await codec.encode([payload(f"secret {text}")])

    assert b"secret" not in sealed.SerializeToString()
    assert [payload(f"secret {text}")] == await codec.decode([sealed])


async def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    """Keys are changed while processes that began under the old one go on for months."""
    (sealed,) = await SealingCodec(OLD, "default").encode([payload("x")])
    (newer,) = await SealingCodec(NEW, "default").encode([payload("x")])

    assert (b"2025", b"2026") == (sealed.metadata["key-id"], newer.metadata["key-id"])
    assert [payload("x"), payload("x")] == await SealingCodec(NEW, "default").decode([sealed, newer])


async def test_without_its_key_a_payload_is_lost_for_good() -> None:
    """That is how a whole year of histories can be forgotten: by destroying one key."""
    (sealed,) = await SealingCodec(NEW, "default").encode([payload("x")])

    with pytest.raises(UnreadablePayload, match="2026"):
        await SealingCodec(OLD, "default").decode([sealed])


@pytest.mark.parametrize("position", [0, 5, 20, -1])
async def test_a_changed_payload_does_not_open(position: int) -> None:
    """Whoever can write to Temporal's database cannot make a process believe anything."""
    codec = SealingCodec(NEW, "default")
    (sealed,) = await codec.encode([payload("x" * 30)])
    changed = bytearray(sealed.data)
    changed[position] ^= 1

    with pytest.raises(UnreadablePayload, match="changed"):
        await codec.decode([Payload(metadata=sealed.metadata, data=bytes(changed))])


async def test_a_payload_of_another_namespace_does_not_open() -> None:
    """What was sealed for the sandbox cannot be passed off in production."""
    (sealed,) = await SealingCodec(NEW, "sandbox").encode([payload("x")])

    with pytest.raises(UnreadablePayload):
        await SealingCodec(NEW, "default").decode([sealed])


async def test_an_unsealed_payload_is_left_as_it_is() -> None:
    """Temporal adds payloads of its own."""
    assert [payload("x")] == await SealingCodec(NEW, "default").decode([payload("x")])


def test_a_refusal_crosses_as_itself_and_is_final() -> None:
    """Whoever asked gets the same words with the same facts, and nobody tries again."""
    failure, converter = Failure(), RefusalConverter()
    converter.to_failure(CodeIsWrong(tries_left="3"), PayloadConverter.default, failure)

    back = converter.from_failure(failure, PayloadConverter.default)

    assert failure.application_failure_info.non_retryable
    assert isinstance(back, CodeIsWrong)
    assert {"tries_left": "3"} == back.facts


def test_a_silent_register_is_tried_again() -> None:
    """A wait is not a failure."""
    failure = Failure()
    RefusalConverter().to_failure(RegisterUnavailable(Trouble.SLOW), PayloadConverter.default, failure)

    assert not failure.application_failure_info.non_retryable


def test_the_words_of_a_failure_are_sealed_too() -> None:
    """A fault's message may quote what it tripped over."""
    failure = Failure()
    RefusalConverter().to_failure(ValueError("Kari Nordmann"), PayloadConverter.default, failure)

    assert failure.message == "Encoded failure"

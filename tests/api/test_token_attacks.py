"""What has been tried on token endpoints elsewhere, tried here. Every attempt is refused, and none is told why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from api.assertions import public_keys
from api.counter import Counter
from database.api_clients import ClientIsAnothers
from demo.postgres import Postgres
from tests.api.clients import NOW, Integrator, ask, by_signature, encoded, register, signed
from tests.api.counting import PUBLIC_URL, calling, counter_for_all

SECONDS = int(NOW.timestamp())
TOKEN_ENDPOINT = f"{PUBLIC_URL}/oauth2/token"
P384 = ECKey.generate_key("P-384")


@pytest.fixture(scope="module")
async def counter(postgres: Postgres, migrated_template: str) -> AsyncIterator[Counter]:
    """One counter for all of them: nothing that is refused leaves anything behind."""
    async with counter_for_all(postgres, migrated_template, "attacks") as counter:
        yield counter


@pytest.fixture
def us() -> Integrator:
    """The client that everybody here wants to be."""
    return Integrator()


@pytest.fixture
def other() -> Integrator:
    """Another client, which is good as well."""
    return Integrator()


@pytest.fixture(autouse=True)
async def registered(counter: Counter, us: Integrator, other: Integrator) -> None:
    """Both of them, as we know them."""
    await register(counter.pool, us.registered(), other.registered())


def unsigned(us: Integrator, alg: str, signature: bytes = b"") -> str:
    """An assertion that nobody has signed."""
    return f"{encoded({'alg': alg, 'kid': 'key-1'}, us.claims())}.{encoded(signature)}"


def mac_with_public_key(us: Integrator) -> str:
    """An assertion under HS256, with the public key as if it were a secret."""
    public = json.dumps(us.key.as_dict(private=False)).encode()
    return signed({"alg": "HS256", "kid": "key-1"}, us.claims(), OctKey.import_key(public))


def own_key(us: Integrator) -> str:
    """An assertion with a key of the attacker's own in its header."""
    mine = ECKey.generate_key("P-256")
    return us.assertion({"jwk": mine.as_dict(private=False)}, mine)


def swapped_payload(us: Integrator, other: Integrator) -> str:
    """Another client's assertion with our claims in it."""
    header, _, signature = other.assertion().split(".")
    return f"{header}.{encoded(us.claims())}.{signature}"


def twice(us: Integrator) -> str:
    """Claims in which the audience stands twice, for readers who disagree about which one counts."""
    text = json.dumps(us.claims()).replace("{", f'{{"aud": "{PUBLIC_URL}", ', 1)
    message = f"{encoded({'alg': 'ES256', 'kid': 'key-1'})}.{encoded(text.encode())}"
    return f"{message}.{us.assertion().rpartition('.')[2]}"


ASSERTIONS: Mapping[str, Callable[[Integrator, Integrator], str]] = {
    "no algorithm": lambda us, _: unsigned(us, "none"),
    "no algorithm, some signature": lambda us, _: unsigned(us, "none", b"x"),
    "no algorithm, in capitals": lambda us, _: unsigned(us, "NONE"),
    "empty signature": lambda us, _: unsigned(us, "ES256"),
    "signature of zeros": lambda us, _: unsigned(us, "ES256", bytes(64)),
    "HS256 with the public key": lambda us, _: mac_with_public_key(us),
    "algorithm of another kind of key": lambda us, _: us.assertion({"alg": "Ed25519", "kid": "key-1"}, us.edwards),
    "algorithm of another curve": lambda us, _: us.assertion({"alg": "ES384", "kid": "key-1"}, P384),
    "key of another client": lambda us, other: us.assertion(key=other.key),
    "another client's assertion as it is": lambda us, other: other.assertion(sub=us.client_id),
    "another client's name": lambda us, other: us.assertion(iss=other.client_id, sub=other.client_id),
    "issued by another": lambda us, other: us.assertion(iss=other.client_id),
    "swapped payload": swapped_payload,
    "key in the header": lambda us, _: own_key(us),
    "address of keys in the header": lambda us, _: us.assertion({"jku": "https://evil.example/keys"}),
    "address of a certificate in the header": lambda us, _: us.assertion({"x5u": "https://evil.example/c.pem"}),
    "certificate in the header": lambda us, _: us.assertion({"x5c": ["MIIB"]}),
    "critical extension": lambda us, _: us.assertion({"crit": ["exp"]}),
    "type of an access token": lambda us, _: us.assertion({"typ": "at+jwt"}),
    "kid that is a path": lambda us, _: us.assertion({"kid": "../../../dev/null"}),
    "kid that is a statement": lambda us, _: us.assertion({"kid": "' or 1=1 --"}),
    "kid that is a list": lambda us, _: us.assertion({"kid": ["key-1"]}),
    "kid of another of our keys": lambda us, _: us.assertion({"kid": "key-2"}),
    "for somebody else": lambda us, _: us.assertion(aud="https://other.example"),
    "for the token endpoint": lambda us, _: us.assertion(aud=TOKEN_ENDPOINT),
    "for a list of us": lambda us, _: us.assertion(aud=[PUBLIC_URL]),
    "for us and somebody else": lambda us, _: us.assertion(aud=[PUBLIC_URL, "https://other.example"]),
    "for us with a slash": lambda us, _: us.assertion(aud=PUBLIC_URL + "/"),
    "for nobody": lambda us, _: us.assertion(aud=None),
    "expired": lambda us, _: us.assertion(exp=SECONDS - 31),
    "for an hour": lambda us, _: us.assertion(exp=SECONDS + 3600),
    "for ever": lambda us, _: us.assertion(exp=None),
    "until infinity": lambda us, _: us.assertion(exp=10**300),
    "until some text": lambda us, _: us.assertion(exp=str(SECONDS + 60)),
    "until true": lambda us, _: us.assertion(exp=True),
    "from the future": lambda us, _: us.assertion(iat=SECONDS + 120),
    "not good yet": lambda us, _: us.assertion(nbf=SECONDS + 120),
    "without an id": lambda us, _: us.assertion(jti=None),
    "with an empty id": lambda us, _: us.assertion(jti=""),
    "with a number as its id": lambda us, _: us.assertion(jti=7),
    "with a very long id": lambda us, _: us.assertion(jti="x" * 129),
    "with zero bytes in its id": lambda us, _: us.assertion(jti="abcdefgh\0"),
    "without a subject": lambda us, _: us.assertion(sub=None),
    "with an object as its subject": lambda us, _: us.assertion(sub={"id": us.client_id}, iss={"id": us.client_id}),
    "claims that stand twice": lambda us, _: twice(us),
    "two parts": lambda us, _: us.assertion().rpartition(".")[0],
    "four parts": lambda us, _: us.assertion() + ".x",
    "five parts": lambda us, _: us.assertion() + ".x.y",
    "padded": lambda us, _: us.assertion() + "==",
    "something behind": lambda us, _: us.assertion() + "\n",
    "very long": lambda us, _: us.assertion(extra="x" * 9000),
    "nothing": lambda *_: "",
    "no JSON": lambda *_: encoded(b"x", b"y", b"z"),
}


@pytest.mark.parametrize("attack", ASSERTIONS)
async def test_a_forged_assertion_is_refused_like_any_wrong_secret(
    http: httpx2.AsyncClient, us: Integrator, other: Integrator, attack: str
) -> None:
    """What exactly was wrong would help the next attempt."""
    answer = await ask(http, by_signature(ASSERTIONS[attack](us, other)))

    assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])
    assert us.client_id not in answer.text
    assert 200 == (await ask(http, by_signature(us.assertion()))).status_code


async def test_an_assertion_counts_once(http: httpx2.AsyncClient, us: Integrator) -> None:
    """Whoever has copied it comes too late."""
    form = by_signature(us.assertion())
    statuses = [(await ask(http, form)).status_code for _ in range(3)]

    assert [200, 401, 401] == statuses


async def test_of_many_who_bring_the_same_assertion_at_once_one_gets_a_token(counter: Counter, us: Integrator) -> None:
    """From two servers that share nothing but the database."""
    form = by_signature(us.assertion())
    async with calling(counter) as one, calling(counter) as another:
        statuses = await asyncio.gather(*(ask(http, form) for http in (one, another) * 10))

    assert [200] + [401] * 19 == sorted(answer.status_code for answer in statuses)


async def test_a_copied_id_does_not_use_up_anybody_elses_assertion(http: httpx2.AsyncClient, us: Integrator, other: Integrator) -> None:
    """Neither another client's with the same id, nor one that was only forged."""
    copied = us.assertion(jti="the-same-id")
    forged = us.assertion(key=other.key, jti="the-same-id")
    statuses = [(await ask(http, by_signature(each))).status_code for each in (forged, other.assertion(jti="the-same-id"), copied)]

    assert [401, 200, 200] == statuses


async def test_a_key_that_was_taken_out_does_not_count_any_more(http: httpx2.AsyncClient, counter: Counter, us: Integrator) -> None:
    """While keys change, both are registered and both count; then the old one is gone."""
    new = ECKey.generate_key("P-256", {"kid": "key-3"})
    both = {"keys": [us.key.as_dict(private=False), new.as_dict(private=False)]}
    await register(counter.pool, us.registered(jwks=both))
    while_changing = [await ask(http, by_signature(us.assertion({"kid": kid}, key))) for kid, key in (("key-1", us.key), ("key-3", new))]
    await register(counter.pool, us.registered(jwks={"keys": [new.as_dict(private=False)]}))
    afterwards = [await ask(http, by_signature(us.assertion({"kid": kid}, key))) for kid, key in (("key-1", us.key), ("key-3", new))]

    assert [200, 200] == [answer.status_code for answer in while_changing]
    assert [401, 200] == [answer.status_code for answer in afterwards]


@pytest.mark.parametrize(
    "changed", [{"sandbox": True}, {"company": "310279331"}], ids=["from the real thing to the sandbox", "to another company"]
)
async def test_a_client_stays_where_it_belongs(counter: Counter, us: Integrator, changed: dict[str, object]) -> None:
    """Credentials that once were good for one thing never become good for another."""
    with pytest.raises(ClientIsAnothers):
        await register(counter.pool, us.registered(**changed))


PRIVATE, P256 = ECKey.generate_key("P-256"), ECKey.generate_key("P-256", {"kid": "a"}).as_dict(private=False)
BAD_KEYS: Mapping[str, Mapping[str, object]] = {
    "none": {"keys": []},
    "no list": {"keys": "x"},
    "no JWKS": {},
    "a private one": {"keys": [PRIVATE.as_dict(private=True)]},
    "a secret": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]},
    "another curve": {"keys": [P384.as_dict(private=False)]},
    "for agreeing on secrets": {"keys": [OKPKey.generate_key("X25519").as_dict(private=False)]},
    "a point beside the curve": {"keys": [P256 | {"y": P256["x"]}]},
    "two of one name": {"keys": [P256, P256]},
    "too many": {"keys": [P256 | {"kid": str(number)} for number in range(11)]},
}


@pytest.mark.parametrize("which", BAD_KEYS)
def test_keys_that_prove_nothing_are_not_registered(which: str) -> None:
    """Private ones least of all: somebody has sent us what they must keep."""
    with pytest.raises(ValueError, match=r"^holds"):
        public_keys(BAD_KEYS[which])

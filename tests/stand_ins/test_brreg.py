"""The register stand-in speaks as the real one was heard to speak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

RECORDED = Path(__file__).parent.parent / "brreg" / "recorded"
API = "/enhetsregisteret/api"
NUMBERS = {
    path.stem: json.loads(path.read_text("utf-8")).get("enhet", {}).get("organisasjonsnummer")
    for path in (Path(__file__).parent.parent.parent / "stand_ins" / "companies").glob("*.json")
}
FJORDBRUS, STORFJORD = NUMBERS["fjordbrus_bryggeri"], NUMBERS["storfjord_holding"]
UNKNOWN = "315016185"
ONLY_OF_A_BRANCH = {
    "registreringsnummerIHjemlandet",
    "utenlandskRegisterNavn",
    "utenlandskRegisterAdresse",
    "underlagtLovgivningLand",
    "underlagtLovgivningLandKode",
    "foretaksformIHjemlandet",
}


def recorded(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def shape(thing: Any, path: str = "") -> set[str]:  # noqa: ANN401 - JSON
    """Every path of keys in an answer; the members of a list share theirs."""
    if isinstance(thing, dict):
        return {path} | {deeper for key, value in thing.items() for deeper in shape(value, f"{path}/{key}")}
    if isinstance(thing, list):
        return {path}.union(*(shape(member, path) for member in thing))
    return {path}


async def test_a_unit_has_only_keys_that_the_real_one_has(brreg: httpx2.AsyncClient) -> None:
    """A key we made up would let the gateway lean on something that does not exist."""
    ours = (await brreg.get(f"{API}/enheter/{FJORDBRUS}")).json()
    real = recorded("enhet_923609016_equinor")

    assert shape(ours) - shape(real) <= {"/epostadresse", "/mobil"}
    assert {key for key, value in real.items() if isinstance(value, bool)} <= ours.keys()


async def test_a_deleted_unit_keeps_little_more_than_its_name(brreg: httpx2.AsyncClient) -> None:
    """It is answered with 200: whoever only looks at the status takes it for a living company."""
    answer = await brreg.get(f"{API}/enheter/{NUMBERS['glemt_galleri_deleted']}")

    assert answer.status_code == 200
    assert shape(recorded("enhet_slettet_981276957_dnb_asa")) == shape(answer.json())


async def test_roles_have_the_recorded_shape(brreg: httpx2.AsyncClient) -> None:
    """Persons, middle names, companies as holders and the employees' representatives."""
    ours = (await brreg.get(f"{API}/enheter/{STORFJORD}/roller")).json()

    assert shape(recorded("roller_shape_of_a_listed_company")) == shape(ours)


async def test_partners_have_the_recorded_shape(brreg: httpx2.AsyncClient) -> None:
    """A company can be a partner, with its share."""
    ours = (await brreg.get(f"{API}/enheter/{NUMBERS['tallmagi_da']}/roller")).json()

    assert shape(recorded("roller_enhet_as_holder_FICTIONAL")) <= shape(ours)


async def test_a_shop_has_the_recorded_shape_and_is_no_unit(brreg: httpx2.AsyncClient) -> None:
    """A merchant who types the number of a shop must be led to its company."""
    shops = (await brreg.get(f"{API}/underenheter", params={"overordnetEnhet": FJORDBRUS})).json()["_embedded"]["underenheter"]
    shop = (await brreg.get(f"{API}/underenheter/{shops[0]['organisasjonsnummer']}")).json()
    real = shape(recorded("underenhet_311263315_SYNTHETIC_tenor")) | shape(recorded("underenhet_FICTIONAL"))
    as_a_unit = await brreg.get(f"{API}/enheter/{shop['organisasjonsnummer']}")

    assert shape(shop) - real == {"/respons_klasse"}
    assert shop["overordnetEnhet"] == FJORDBRUS
    assert (404, b"") == (as_a_unit.status_code, as_a_unit.content)


async def test_authority_to_sign_has_the_recorded_shape(brreg: httpx2.AsyncClient) -> None:
    """Birth dates the other way round, names in one string, flags as strings."""
    ours = (await brreg.get(f"/fullmakt/enheter/{FJORDBRUS}/signatur")).json()

    assert shape(recorded("fullmakt_signatur_FICTIONAL")) == shape(ours)
    assert ours["enhet"]["konkurs"] == "false"
    assert [1, 2] == [len(way["personRolleKombinasjon"]) for way in ours["signeringsKombinasjon"]["kombinasjon"]]


async def test_no_prokura_has_the_recorded_shape(brreg: httpx2.AsyncClient) -> None:
    """Most companies have none."""
    ours = (await brreg.get(f"/fullmakt/enheter/{STORFJORD}/prokura")).json()
    real = recorded("fullmakt_prokura_none_FICTIONAL")

    assert shape(real) == {path for path in shape(ours) if not (path.startswith("/enhet/") and "_links" in path)}
    assert real["status"] == ours["status"]


@pytest.mark.parametrize(
    ("company", "rule", "ways"),
    [
        ("nordlys_kaffe", "RF", 1),
        ("sammen_signerer", "RF", 2),
        ("fritekst_forlag", "RT", 0),
        ("uskreven_regel", "RI", 1),
        ("viddeby_kommune", "RI", 0),
    ],
)
async def test_who_may_sign_differs_from_company_to_company(brreg: httpx2.AsyncClient, company: str, rule: str, ways: int) -> None:
    """Alone, jointly, only readable by a human, not written down, not for this form."""
    ours = (await brreg.get(f"/fullmakt/enheter/{NUMBERS[company]}/signatur")).json()

    assert rule == ours["status"]["regelStatus"]["kode"]
    assert ways == len(ours.get("signeringsKombinasjon", {}).get("kombinasjon", []))


async def test_a_search_pages_as_recorded(brreg: httpx2.AsyncClient) -> None:
    """First, next and last page stand in the links; searching as one types finds the start of a word."""
    ours = (await brreg.get(f"{API}/enheter", params={"navn": "kaf", "navnMetodeForSoek": "FORTLOEPENDE", "size": 5})).json()
    real = recorded("enheter_search_organisasjonsform_ASA_size5")

    assert real["_links"].keys() == ours["_links"].keys()
    assert real["page"].keys() == ours["page"].keys()
    assert all("KAF" in unit["navn"] for unit in ours["_embedded"]["enheter"])


async def test_a_search_without_hits_has_no_list_at_all(brreg: httpx2.AsyncClient) -> None:
    """The key is absent, not empty."""
    ours = (await brreg.get(f"{API}/enheter", params={"navn": "finnes ikke"})).json()

    assert {"_links", "page"} == ours.keys()


async def test_several_numbers_are_looked_up_in_one_call(brreg: httpx2.AsyncClient) -> None:
    """The watch over thousands of customers asks so."""
    ours = (await brreg.get(f"{API}/enheter", params={"organisasjonsnummer": f"{FJORDBRUS},{STORFJORD},{UNKNOWN}"})).json()

    assert {FJORDBRUS, STORFJORD} == {unit["organisasjonsnummer"] for unit in ours["_embedded"]["enheter"]}


async def test_the_ten_thousandth_hit_is_the_last(brreg: httpx2.AsyncClient) -> None:
    """Beyond it there is only 400, in the recorded shape."""
    allowed = await brreg.get(f"{API}/enheter", params={"size": 5000, "page": 1})
    refused = await brreg.get(f"{API}/enheter", params={"size": 5000, "page": 2})

    assert (200, 400) == (allowed.status_code, refused.status_code)
    assert shape(recorded("http_400_validation")) == shape(refused.json())


async def test_unknown_numbers_unknown_paths_and_the_removed_differ(brreg: httpx2.AsyncClient) -> None:
    """An empty 404 is an answer, a 404 with a body is our own mistake, 410 tells to forget."""
    unknown = await brreg.get(f"{API}/enheter/{UNKNOWN}")
    no_path = await brreg.get(f"{API}/enheterX/{UNKNOWN}")
    removed_number = json.loads((Path(__file__).parents[2] / "stand_ins/companies/removed_410.json").read_text("utf-8"))["fjernet"]
    removed = await brreg.get(f"{API}/enheter/{removed_number['organisasjonsnummer']}")
    no_roles = await brreg.get(f"{API}/enheter/{NUMBERS['rolleloes_forening_no_roles']}/roller")

    assert (404, b"") == (unknown.status_code, unknown.content)
    assert (404, b"") == (no_roles.status_code, no_roles.content)
    assert (404, shape(recorded("http_404_unknown_path"))) == (no_path.status_code, shape(no_path.json()))
    assert (410, shape(recorded("http_410_removed"))) == (removed.status_code, shape(removed.json()))


async def test_the_first_version_is_no_longer_spoken(brreg: httpx2.AsyncClient) -> None:
    """A client that pins a version hears 406 on the day it goes, not something else in its place."""
    own = "application/vnd.brreg.enhetsregisteret.enhet.v{}+json"
    old = await brreg.get(f"{API}/enheter/{FJORDBRUS}", headers={"accept": own.format(1)})
    new = await brreg.get(f"{API}/enheter/{FJORDBRUS}", headers={"accept": f"{own.format(2)};charset=UTF-8"})

    assert (406, 200) == (old.status_code, new.status_code)
    assert new.headers["content-type"].startswith(own.format(2))
    assert new.headers["cache-control"] == "no-store"


async def test_a_bankruptcy_shows_up_in_the_feed(brreg: httpx2.AsyncClient) -> None:
    """What the watch will see: the next update after the last one it knows, with what changed."""
    newest = (await brreg.get(f"{API}/oppdateringer/enheter", params={"sort": "id,DESC", "size": 1})).json()
    last = newest["_embedded"]["oppdaterteEnheter"][0]["oppdateringsid"]
    after = {"oppdateringsid": last + 1, "includeChanges": "true"}
    nothing_yet = (await brreg.get(f"{API}/oppdateringer/enheter", params=after)).json()
    await brreg.patch(f"/_control/enheter/{FJORDBRUS}", json={"konkurs": True, "konkursdato": "2026-11-20"})
    ours = (await brreg.get(f"{API}/oppdateringer/enheter", params=after)).json()
    (update,) = ours["_embedded"]["oppdaterteEnheter"]

    assert shape(recorded("oppdateringer_enheter_empty")) == shape(nothing_yet)
    assert shape(recorded("oppdateringer_enheter_include_changes")["_embedded"]) == shape(ours["_embedded"])
    assert {"op": "replace", "path": "/konkurs", "value": True} in update["endringer"]
    assert (await brreg.get(f"{API}/enheter/{FJORDBRUS}")).json()["konkurs"] is True


async def test_the_feed_tells_every_kind_of_change(brreg: httpx2.AsyncClient) -> None:
    """New, changed, deleted, removed and unknown."""
    await brreg.patch(f"/_control/enheter/{FJORDBRUS}", json={"telefon": "55 00 02 00"})
    told = (await brreg.get(f"{API}/oppdateringer/enheter", params={"size": 1000})).json()["_embedded"]["oppdaterteEnheter"]

    assert {"Ny", "Endring", "Sletting", "Fjernet", "Ukjent"} == {update["endringstype"] for update in told}
    assert shape(recorded("oppdateringer_enheter_mixed_types")["_embedded"]["oppdaterteEnheter"]) == shape(told)


async def test_a_role_that_ends_is_told_and_shown(brreg: httpx2.AsyncClient) -> None:
    """An administrator who stepped down must be noticed."""
    before = (await brreg.get(f"{API}/oppdateringer/roller", params={"size": 1000})).json()
    answer = await brreg.post(f"/_control/enheter/{FJORDBRUS}/fratre", json={"etternavn": "Nordheim", "fodselsdato": "1978-03-14"})
    (event,) = (await brreg.get(f"{API}/oppdateringer/roller", params={"afterId": before[-1]["id"]})).json()
    groups = (await brreg.get(f"{API}/enheter/{FJORDBRUS}/roller")).json()["rollegrupper"]

    assert answer.json() == {"ended": 1}
    assert event["data"] == {"organisasjonsnummer": FJORDBRUS}
    assert [True] == [role["fratraadt"] for role in groups[0]["roller"]]


async def test_struck_off_and_removed_are_two_things(brreg: httpx2.AsyncClient) -> None:
    """The first is still shown, the second is not."""
    await brreg.delete(f"/_control/enheter/{FJORDBRUS}")
    await brreg.delete(f"/_control/enheter/{STORFJORD}", params={"how": "fjernet"})

    assert (await brreg.get(f"{API}/enheter/{FJORDBRUS}")).json()["respons_klasse"] == "SlettetEnhet"
    assert (await brreg.get(f"{API}/enheter/{STORFJORD}")).status_code == 410


async def test_bad_days_end_when_they_were_told_to(brreg: httpx2.AsyncClient) -> None:
    """Two busy answers, then all is well; other paths never notice."""
    await brreg.post("/_control/behaviours", json={"kind": "busy", "path_prefix": f"{API}/enheter", "times": 2, "retry_after": 7})
    answers = [await brreg.get(f"{API}/enheter/{FJORDBRUS}") for _ in range(3)]
    elsewhere = await brreg.get(f"/fullmakt/enheter/{FJORDBRUS}/signatur")

    assert [429, 429, 200] == [answer.status_code for answer in answers]
    assert answers[0].headers["retry-after"] == "7"
    assert elsewhere.status_code == 200


async def test_it_can_be_down_slow_garbled_and_cut_off(brreg: httpx2.AsyncClient) -> None:
    """The four ways in which a register fails without saying so."""
    for kind in ("unavailable", "not_json", "drop", "slow"):
        await brreg.post("/_control/behaviours", json={"kind": kind, "times": 1, "seconds": 5})
    down = await brreg.get(f"{API}/enheter/{FJORDBRUS}")
    garbled = await brreg.get(f"{API}/enheter/{FJORDBRUS}")

    assert (503, 200) == (down.status_code, garbled.status_code)
    assert garbled.headers["content-type"].startswith("text/html")
    with pytest.raises(httpx2.RemoteProtocolError):
        await brreg.get(f"{API}/enheter/{FJORDBRUS}")
    with pytest.raises(httpx2.ReadTimeout):
        await brreg.get(f"{API}/enheter/{FJORDBRUS}", timeout=0.1)


async def test_the_control_door_refuses_what_it_does_not_know(brreg: httpx2.AsyncClient) -> None:
    """A mistyped test should fail at once."""
    answer = await brreg.post("/_control/behaviours", json={"kind": "grumpy"})

    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["12345678", "12345678x", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"])
async def test_what_is_no_number_is_an_invalid_request(brreg: httpx2.AsyncClient, number: str) -> None:
    """The real one echoes it, which is why its answers must not be logged whole."""
    answer = await brreg.get(f"{API}/enheter/{number}")

    assert answer.status_code == 400
    assert answer.json()["valideringsfeil"][0]["feilaktigVerdi"] == number


async def test_a_branch_of_a_foreign_company_tells_where_it_comes_from(brreg: httpx2.AsyncClient) -> None:
    """Foreign addresses have no postcode of their own."""
    branch = (await brreg.get(f"{API}/enheter/{NUMBERS['nordskov_media_nuf']}")).json()

    assert branch.keys() >= ONLY_OF_A_BRANCH
    assert "postnummer" not in branch["forretningsadresse"]

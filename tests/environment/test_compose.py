"""What production is made of holds together, as far as can be seen without running it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import ApiSettings, OwnSettings, PageSettings, WorkerSettings
from workflows.attributes import KEYS

ROOT = Path(__file__).parent.parent.parent
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
JOBS = {name for name, service in SERVICES.items() if service["restart"].startswith("on-failure")}
LASTING = SERVICES.keys() - JOBS
# It writes its own configuration when it starts.
WRITES_AT_HOME = {"temporal-ui"}
# Never in production: these belong to the demo.
DEMO = {"demo_tour", "demo_clock"}
SECRET = {
    *("database_url", "payload_keys", "secret_key", "eid_client_key", "staff_client_key", "smtp_url"),
    *("receipt_keys", "pseudonym_key", "sandbox_key"),
}
DOORS: Mapping[str, type[OwnSettings]] = {"server": PageSettings, "api": ApiSettings, "worker": WorkerSettings}
# The API does without Temporal.
LEAN_ON_TEMPORAL = DOORS.keys() - {"api"}

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
IGNORED = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
# Enough that everything which has to be said is said.
SAID = dict.fromkeys(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text("utf-8")), "x")

each_service = pytest.mark.parametrize("name", sorted(SERVICES))


def instructions(word: str) -> Iterator[list[str]]:
    """The words of every instruction of this kind in the Dockerfile."""
    for line in DOCKERFILE.splitlines():
        if line.startswith(f"{word} "):
            yield line.split()[1:]


def compose(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask `docker compose`."""
    command = ["docker", "compose", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ | SAID, capture_output=True, text=True, check=False)  # noqa: S603 - our words


def spoken(name: str) -> str:
    """Everything that a service is told: what it runs and in which environment."""
    service = SERVICES[name]
    return str([service.get(part) for part in ("entrypoint", "command", "environment", "healthcheck")])


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_is_told_everything_it_wants_to_know(name: str) -> None:
    """A variable that was forgotten here would be found out in production."""
    fields = DOORS[name].model_fields
    wanted = {str(fields[field].validation_alias or f"SKRANKE_{field.upper()}") for field in fields.keys() - DEMO}
    secret = {f"SKRANKE_{field.upper()}" for field in DOORS[name].model_fields.keys() & SECRET}

    assert secret == set(SERVICES[name]["secrets"])
    assert wanted - secret == SERVICES[name]["environment"].keys()


def test_what_operators_search_by_is_registered() -> None:
    """A process that names an attribute which the namespace does not know cannot even be begun."""
    registered = SERVICES["temporal-namespace"]["environment"]["SEARCH_ATTRIBUTES"].split()

    assert {f"{key.name}:Keyword" for key in KEYS} == set(registered)


def test_what_is_secret_is_known_to_be() -> None:
    """A key or a password that is added to the settings is added to this test."""
    telling = re.compile(r"_keys?$|password|token|database_url|smtp_url")
    fields = {field for door in DOORS.values() for field in door.model_fields}

    assert SECRET == {field for field in fields if telling.search(field)}


@each_service
def test_secrets_are_files_and_nothing_else(name: str) -> None:
    """Neither in this file nor in the environment that it sets."""
    environment = SERVICES[name].get("environment", {})
    telling = {variable for variable in environment if re.search(r"PASSWORD|PWD|_KEY|SECRET|TOKEN", variable)}

    assert {variable for variable in telling if not variable.endswith("_FILE")} == set()
    assert set(re.findall(r"/run/secrets/(\w+)", spoken(name))) <= set(SERVICES[name].get("secrets", []))
    assert not re.search(r"://[^/\s]*:[^/\s]*@", spoken(name))


def test_every_secret_is_a_file_outside_the_repository() -> None:
    """And every one of them is somebody's."""
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}

    assert used == COMPOSE["secrets"].keys()
    assert all(f".secrets/{name}" == secret["file"] for name, secret in COMPOSE["secrets"].items())
    assert ".secrets/" in (ROOT / ".gitignore").read_text("utf-8").split()


@each_service
def test_what_a_service_leans_on_is_there(name: str) -> None:
    """Services, networks, volumes and configurations alike; and one waits for a job's end and for a program's health."""
    service = SERVICES[name]
    conditions = {
        needed: "service_completed_successfully" if needed in JOBS else "service_healthy" for needed in service.get("depends_on", {})
    }

    assert conditions == {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
    assert conditions.keys() <= SERVICES.keys()
    assert set(service["networks"]) <= COMPOSE["networks"].keys()
    assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= COMPOSE["volumes"].keys()
    assert {config["source"] for config in service.get("configs", [])} <= COMPOSE["configs"].keys()


@each_service
def test_an_image_is_of_one_version_and_maintained(name: str) -> None:
    """What is started next year is what was started today; Temporal's image that sets itself up is given no updates any more."""
    image, _, tag = SERVICES[name]["image"].partition(":")

    assert tag not in {"", "latest"}
    assert "auto-setup" not in image
    assert image == "skranke" or re.fullmatch(r"v?\d+\.\d+(\.\d+)?(-\w+)?", tag), tag


@each_service
def test_nobody_is_root_and_nobody_writes_where_programs_lie(name: str) -> None:
    """Somebody who breaks in can change little, and gets no further."""
    service = SERVICES[name]

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert (name not in WRITES_AT_HOME) is service["read_only"]
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]


@each_service
def test_nobody_takes_the_whole_machine(name: str) -> None:
    """A leak in one must not end the others."""
    limits = SERVICES[name]["deploy"]["resources"]["limits"]

    assert {"cpus", "memory"} == limits.keys()
    assert SERVICES[name]["pids_limit"] <= 512


@pytest.mark.parametrize("name", sorted(LASTING))
def test_what_lasts_is_started_again_and_asked_how_it_is(name: str) -> None:
    """The machine was restarted at night, and nobody noticed."""
    assert "unless-stopped" == SERVICES[name]["restart"]
    assert {"test", "interval", "timeout", "retries", "start_period"} == SERVICES[name]["healthcheck"].keys()


@each_service
def test_only_this_machine_gets_in(name: str) -> None:
    """What ends TLS stands in front; databases and Temporal are for the house alone."""
    ports = SERVICES[name].get("ports", [])

    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert not ports or name in {"server", "api", "temporal-ui", "mail"}
    assert ("outside" in SERVICES[name]["networks"]) is (bool(ports) or name in DOORS)
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_temporal_is_prepared_before_it_starts() -> None:
    """Schema, server, namespace, doors; and the number of shards that can never be changed is written down."""
    needs = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}

    assert "temporal-schema" in needs["temporal"]
    assert "temporal" in needs["temporal-namespace"]
    assert all({"migrations", "temporal-namespace"} <= needs[door] for door in LEAN_ON_TEMPORAL)
    assert int(SERVICES["temporal"]["environment"]["NUM_HISTORY_SHARDS"]) >= 128
    assert {SERVICES[name]["image"].partition(":")[2] for name in ("temporal", "temporal-schema", "temporal-namespace")} == {"1.32.0"}
    spaces = [SERVICES["temporal-namespace"]["environment"]["TEMPORAL_NAMESPACE"]]
    assert spaces == list({SERVICES[door]["environment"]["SKRANKE_TEMPORAL_NAMESPACE"] for door in LEAN_ON_TEMPORAL})


def test_cards_are_checked_without_temporal_and_without_the_pages_secrets() -> None:
    """An outage there must not close every till, and who breaks in here reads no letters."""
    assert {"migrations"} == SERVICES["api"]["depends_on"].keys()
    assert {"SKRANKE_DATABASE_URL"} == set(SERVICES["api"]["secrets"]) & set(SERVICES["server"]["secrets"])


def test_the_mail_catcher_comes_only_when_asked_for() -> None:
    """Customers are waiting for their letters."""
    assert {"mail": ["mail"]} == {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}


def test_the_image_is_made_of_what_is_there_and_let_in() -> None:
    """A folder that was moved takes its place in the image along."""
    copied = [source for words in instructions("COPY") if not words[0].startswith("--from") for source in words[:-1]]

    assert [] == [source for source in copied if not (ROOT / source).exists()]
    assert {line.removeprefix("!") for line in IGNORED if line.startswith("!")} == set(copied)
    assert "*" in IGNORED


def test_the_image_has_every_package_of_production_and_nothing_of_the_demo() -> None:
    """What plays the outside world does not go there."""
    packages = {entry.parent.name for entry in ROOT.glob("*/__init__.py")}
    copied = {source for words in instructions("COPY") for source in words[:-1]}

    assert packages - {"demo", "stand_ins"} <= copied
    assert not {"demo", "stand_ins", "tests"} & copied


def test_the_image_runs_as_nobody_special_and_is_installed_by_hash() -> None:
    """The same packages as were tested, and not one of them changed since."""
    runs = " ".join(word for words in instructions("RUN") for word in words)

    assert [["1000:1000"]] == list(instructions("USER"))
    assert all(re.fullmatch(r"(python:3\.11|node:20)-[\w-]+", words[0]) for words in instructions("FROM"))
    assert 2 == runs.count("--require-hashes")
    assert "npm ci --ignore-scripts" in runs
    assert not re.search(r"https?://|index-url|registry", DOCKERFILE)


def test_production_installs_what_was_tested() -> None:
    """The lock of production is a part of the lock of development, to the last hash."""
    tested, production = ((ROOT / lock).read_text("utf-8") for lock in ("requirements.lock", "requirements-runtime.lock"))
    pins = [set(re.findall(r"^([\w.-]+==\S+)", lock, re.MULTILINE)) for lock in (production, tested)]

    assert pins[0] < pins[1]
    assert "pytest" not in production
    assert set(re.findall(r"sha256:\w+", production)) < set(re.findall(r"sha256:\w+", tested))


def test_docker_understands_it() -> None:
    """Its own reading of the file, where there is one."""
    if shutil.which("docker") is None or compose("version").returncode:
        pytest.skip("there is no `docker compose` on this machine")

    read = compose("--profile", "mail", "config", "--quiet")

    assert 0 == read.returncode, read.stderr

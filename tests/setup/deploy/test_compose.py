"""docker-compose.yml, the Dockerfile and the programs beside them: who reaches what, and what is started."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.root import ROOT
from zoom_ops.cli.demo.stage import PREPARED

PROJECT = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
COMPOSE = PROJECT["services"]
OURS = [name for name, service in COMPOSE.items() if service["image"] == "zoom-ops"]
DOCKER = """#!/bin/sh
if [ "$1" = inspect ] || [ "$2" = inspect ]; then
    echo "elsewhere.example.org/other@sha256:$(printf '%064d' 0)"
    case $5 in *python*) echo python@$DIGEST ;; *) echo docker.io/library/postgres@$DIGEST ;; esac
fi
"""


def test_compose_starts_no_two_installations_at_once() -> None:
    profiles_of = {name: service.get("profiles") for name, service in COMPOSE.items()}

    assert profiles_of["zoom-ops"] == ["single"]
    assert [name for name, profiles in profiles_of.items() if not profiles] == []
    assert "\nCOMPOSE_PROFILES=single\n" in (ROOT / ".env").read_text("utf-8")


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="there is no docker-compose here")
@pytest.mark.parametrize(
    ("profile", "services"),
    [
        ((), ["zoom-ops"]),
        (("--profile=demo",), ["demo", "sandbox"]),
        (("--profile=cluster",), ["database", "migrate", "web-1", "web-2", "worker"]),
    ],
)
@pytest.mark.process
def test_compose_starts_what_its_first_lines_say(profile: tuple[str, ...], services: list[str]) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE_")}

    completed = subprocess.run(
        ["docker-compose", *profile, "config", "--services"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=True,
    )

    assert sorted(completed.stdout.split()) == services


@pytest.mark.parametrize("name", COMPOSE)
def test_service_of_compose_keeps_its_log_within_bounds(name: str) -> None:
    assert COMPOSE[name]["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", COMPOSE)
def test_service_of_compose_is_open_to_this_machine_only(name: str) -> None:
    ports = COMPOSE[name].get("ports", [])

    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    assert "network_mode" not in COMPOSE[name]


def test_practice_zoom_of_compose_does_not_reach_the_database() -> None:
    networks_of = {name: set(service.get("networks", ["default"])) for name, service in COMPOSE.items()}

    assert PROJECT["networks"]["database"] == {"internal": True}
    assert networks_of["database"] == {"database"}
    assert [name for name in networks_of if "database" in networks_of[name]] == [
        "database",
        "migrate",
        "web-1",
        "web-2",
        "worker",
    ]


@pytest.mark.parametrize("name", OURS)
def test_service_of_compose_has_least_rights(name: str) -> None:
    service = COMPOSE[name]

    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == "512m"


def test_secrets_of_compose_are_for_the_owner_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "secrets").mkdir(mode=0o755)
    make = shutil.copy(ROOT / "deploy/make-secrets", tmp_path / "deploy")

    for _ in range(2):
        subprocess.run([make], capture_output=True, check=True)

    files = sorted((tmp_path / "secrets").iterdir())
    assert [f"./secrets/{file.name}" for file in files] == sorted(
        f"./{secret['file']}" for secret in PROJECT["secrets"].values()
    )
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_images_are_pinned_by_the_digest_that_their_registry_names(tmp_path: Path) -> None:
    for name in ("deploy/pin-images", "Dockerfile", "docker-compose.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docker").write_text(DOCKER, "utf-8")
    (tmp_path / "docker").chmod(0o755)

    for digit in "12":  # the second day other digests
        environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DIGEST": f"sha256:{digit * 64}"}
        subprocess.run([tmp_path / "deploy/pin-images"], env=environ, capture_output=True, check=True)

    files = [(tmp_path / name).read_text("utf-8") for name in ("Dockerfile", "docker-compose.yml")]
    named = [re.findall(r"(?:FROM|image:) docker\.io/library/(\S+)", text) for text in files]
    assert [[re.sub(r":[^@]+@", "@", name) for name in names] for names in named] == [
        [f"python@sha256:{'2' * 64}"] * 2,
        [f"postgres@sha256:{'2' * 64}"],
    ]


def test_demo_of_compose_takes_over_each_of_its_settings() -> None:
    settings = {name for name in COMPOSE["demo"]["environment"] if name.startswith("ZOOM_OPS_")}

    assert settings <= set(PREPARED)

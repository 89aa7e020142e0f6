"""A project's folder, and the sources of another version, have all that is needed and nothing of an operator."""

import json
from pathlib import Path

import yaml

from tests.compose.cluster import SERVICES
from tests.compose.project import ROOT, choose_images, copy_sources, make_project, variables


def test_project_has_all_that_its_services_mount(tmp_path: Path) -> None:
    make_project(tmp_path)

    compose = yaml.safe_load((tmp_path / "docker-compose.yml").read_text("utf-8"))
    mounted = [volume for name in SERVICES for volume in compose["services"][name].get("volumes", ())]
    needed = {volume.split(":")[0] for volume in mounted} | {secret["file"] for secret in compose["secrets"].values()}
    assert [name for name in needed if not (tmp_path / name).exists()] == []
    assert "ZOOM_OPS_ACCOUNTS__MAIN__API_URL='http://sandbox:4100/v2'" in (tmp_path / "zoom_ops.env").read_text("utf-8")


def test_variables_leave_out_the_settings_of_whoever_runs_it() -> None:
    chosen = variables({"PATH": "/bin", "ZOOM_OPS_BASE_URL": "https://example.org", "ZOOM_OPS_ENGINE": "auto"}, (1, 2))

    assert chosen["PATH"] == "/bin"
    assert {name: value for name, value in chosen.items() if name.startswith("ZOOM_OPS_")} == {
        "ZOOM_OPS_BASE_URL": "http://localhost:1"
    }


def test_images_are_chosen_for_each_service(tmp_path: Path) -> None:
    choose_images(tmp_path, {"web-1": "zoom-ops:old", "worker": "zoom-ops:new"})

    assert json.loads((tmp_path / "docker-compose.override.yml").read_text("utf-8")) == {
        "services": {"web-1": {"image": "zoom-ops:old"}, "worker": {"image": "zoom-ops:new"}}
    }


def test_sources_are_those_of_the_checkout_but_for_the_version(tmp_path: Path) -> None:
    copy_sources(tmp_path, "9.9.9")

    assert (tmp_path / "Dockerfile").read_text("utf-8") == (ROOT / "Dockerfile").read_text("utf-8")
    assert '__version__ = "9.9.9"' in (tmp_path / "zoom_ops" / "__init__.py").read_text("utf-8")
    assert not (tmp_path / "tests").exists()

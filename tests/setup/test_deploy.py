"""The files in deploy/ and docker-compose.yml are valid and start what exists."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.root import ROOT
from zoom_ops import __version__
from zoom_ops.settings import Settings

KUBERNETES = (ROOT / "deploy/kubernetes/zoom_ops.yaml").read_text("utf-8")
MANIFESTS = [manifest for manifest in yaml.safe_load_all(KUBERNETES) if manifest]
WEB_STOPS_S = 5  # how long the web server waits for unfinished answers
NAMES = [f"{manifest['kind']} {manifest['metadata']['name']}" for manifest in MANIFESTS]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
POD_MAKERS = [manifest for manifest in MANIFESTS if "template" in manifest.get("spec", {})]
DEPLOYMENTS = [maker for maker in POD_MAKERS if maker["kind"] == "Deployment"]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=NAMES)
def test_manifest_is_what_kubernetes_takes(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, desired_version="1.31", strict=True)


def test_manifests_hold_all_that_a_cluster_needs() -> None:
    assert NAMES == [
        "ConfigMap zoom-ops",
        "Job zoom-ops-migrate",
        "Deployment zoom-ops-web",
        "Deployment zoom-ops-worker",
        "Service zoom-ops",
        "PodDisruptionBudget zoom-ops-web",
        "PodDisruptionBudget zoom-ops-worker",
    ]


@pytest.mark.parametrize("maker", POD_MAKERS, ids=lambda maker: str(maker["metadata"]["name"]))
def test_pods_have_least_rights_and_this_version(maker: dict[str, Any]) -> None:
    pod = maker["spec"]["template"]["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        assert container["image"] == f"zoom-ops:{__version__}"
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("maker", DEPLOYMENTS, ids=lambda maker: str(maker["metadata"]["name"]))
def test_pods_migrate_before_a_probe_looks_at_them(maker: dict[str, Any]) -> None:
    pod = maker["spec"]["template"]["spec"]
    (first,), (container,) = pod["initContainers"], pod["containers"]

    assert first["args"] == ["db", "upgrade"]
    assert first["envFrom"] == container["envFrom"]
    assert [part for part in first if part.endswith("Probe")] == []


def test_pods_that_show_pages_end_after_nobody_is_sent_to_them() -> None:
    (pod,) = (maker["spec"]["template"]["spec"] for maker in POD_MAKERS if maker["metadata"]["name"] == "zoom-ops-web")
    command, seconds = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]

    assert command == "sleep"
    assert int(seconds) >= 5
    assert (
        pod["terminationGracePeriodSeconds"]
        >= int(seconds) + WEB_STOPS_S + Settings.model_fields["stop_s"].default + 10
    )


def test_nodes_can_be_emptied_one_process_after_the_other() -> None:
    budgets = {
        manifest["metadata"]["name"]: {key: value for key, value in manifest["spec"].items() if key != "selector"}
        for manifest in MANIFESTS
        if manifest["kind"] == "PodDisruptionBudget"
    }

    assert budgets == {
        "zoom-ops-web": {"minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"},
        "zoom-ops-worker": {"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"},
    }


def test_examples_in_comments_are_what_kubernetes_takes() -> None:
    text = re.sub(r"^( +)# (?=- \{name: |ZOOM_OPS_)", r"\1", KUBERNETES, flags=re.MULTILINE)
    manifests = list(yaml.safe_load_all(text))
    pods = [manifest["spec"]["template"]["spec"] for manifest in manifests if "template" in manifest.get("spec", {})]

    for manifest in manifests:
        kubernetes_validate.validate(manifest, desired_version="1.31", strict=True)
    for pod in pods:
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            mounts = container["volumeMounts"]
            assert {mount["name"] for mount in mounts} == {volume["name"] for volume in pod["volumes"]}
            assert {"/config/profiles", "/config/words", "/jobs"} <= {mount["mountPath"] for mount in mounts}


def test_selectors_choose_the_pods_that_they_mean() -> None:
    labels = {maker["metadata"]["name"]: maker["spec"]["template"]["metadata"]["labels"] for maker in POD_MAKERS}
    selectors = {
        name: manifest["spec"]["selector"].get("matchLabels", manifest["spec"]["selector"])
        for name, manifest in zip(NAMES, MANIFESTS, strict=True)
        if "selector" in manifest.get("spec", {})
    }

    assert {name: [pod for pod, own in labels.items() if own == chosen] for name, chosen in selectors.items()} == {
        "Deployment zoom-ops-web": ["zoom-ops-web"],
        "Deployment zoom-ops-worker": ["zoom-ops-worker"],
        "Service zoom-ops": ["zoom-ops-web"],
        "PodDisruptionBudget zoom-ops-web": ["zoom-ops-web"],
        "PodDisruptionBudget zoom-ops-worker": ["zoom-ops-worker"],
    }


def test_compose_and_kubernetes_start_the_same_parts() -> None:
    pods = {
        maker["metadata"]["name"].removeprefix("zoom-ops-"): maker["spec"]["template"]["spec"]["containers"][0]["args"]
        for maker in POD_MAKERS
    }

    assert {name: COMPOSE[name]["command"] for name in ("migrate", "worker")} | {
        "web": COMPOSE["web-2"]["command"]
    } == pods


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


@pytest.mark.process
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
@pytest.mark.parametrize("name", ["zoom_ops.service", "zoom_ops@.service"])
def test_unit_is_what_systemd_takes_and_is_started_again_and_again(name: str, tmp_path: Path) -> None:
    text = (ROOT / "deploy/systemd" / name).read_text("utf-8")
    copy = tmp_path / name.replace("@.", "@worker-2.")
    copy.write_text(re.sub(r"ExecStart=/srv\S+", "ExecStart=/bin/true", text), "utf-8")

    completed = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)

    assert "\nStartLimitIntervalSec=0\n" in text.partition("[Service]")[0]  # it waits for a database that is away
    assert "\nRestartSec=5\n" in text
    assert "\nReadWritePaths=-" in text  # it starts also without an optional folder
    complaints = [line for line in completed.stderr.splitlines() if name.partition(".")[0] in line]
    assert (completed.returncode, complaints) == (0, [])

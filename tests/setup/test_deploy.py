"""What stands in deploy/ is what Kubernetes, systemd and Compose understand, and starts what there is."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from zoom_ops import __version__

ROOT = Path(__file__).parents[2]
MANIFESTS = [one for one in yaml.safe_load_all((ROOT / "deploy/kubernetes/zoom_ops.yaml").read_text("utf-8")) if one]
NAMES = [f"{one['kind']} {one['metadata']['name']}" for one in MANIFESTS]
POD_MAKERS = [one for one in MANIFESTS if "template" in one.get("spec", {})]


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


@pytest.mark.parametrize("maker", POD_MAKERS, ids=lambda one: str(one["metadata"]["name"]))
def test_pods_have_least_rights_and_this_version(maker: dict[str, Any]) -> None:
    pod = maker["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert container["image"] == f"zoom-ops:{__version__}"
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_selectors_choose_the_pods_that_they_mean() -> None:
    labels = {one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"] for one in POD_MAKERS}
    chosen = {
        name: one["spec"]["selector"].get("matchLabels", one["spec"]["selector"])
        for name, one in zip(NAMES, MANIFESTS, strict=True)
        if "selector" in one.get("spec", {})
    }

    assert {name: [pod for pod, has in labels.items() if has == wanted] for name, wanted in chosen.items()} == {
        "Deployment zoom-ops-web": ["zoom-ops-web"],
        "Deployment zoom-ops-worker": ["zoom-ops-worker"],
        "Service zoom-ops": ["zoom-ops-web"],
        "PodDisruptionBudget zoom-ops-web": ["zoom-ops-web"],
        "PodDisruptionBudget zoom-ops-worker": ["zoom-ops-worker"],
    }


def test_compose_and_kubernetes_start_the_same_parts() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    pods = {
        one["metadata"]["name"].removeprefix("zoom-ops-"): one["spec"]["template"]["spec"]["containers"][0]["args"]
        for one in POD_MAKERS
    }

    assert {name: compose[name]["command"] for name in ("migrate", "worker")} | {
        "web": compose["web-2"]["command"]
    } == pods


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
@pytest.mark.parametrize("name", ["zoom_ops.service", "zoom_ops@.service"])
def test_unit_is_what_systemd_takes(name: str, tmp_path: Path) -> None:
    text = (ROOT / "deploy/systemd" / name).read_text("utf-8")
    copy = tmp_path / name.replace("@.", "@worker-2.")
    copy.write_text(re.sub(r"ExecStart=/srv\S+", "ExecStart=/bin/true", text), "utf-8")

    told = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)

    assert (told.returncode, [line for line in told.stderr.splitlines() if name.partition(".")[0] in line]) == (0, [])

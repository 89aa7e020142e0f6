"""The manifests of Kubernetes are valid, start what exists, and give nobody more than is needed."""

import re
from ipaddress import ip_address, ip_network
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
        "NetworkPolicy zoom-ops",
        "NetworkPolicy zoom-ops-web",
        "NetworkPolicy zoom-ops-metrics",
        "NetworkPolicy zoom-ops-outside",
    ]


@pytest.mark.parametrize("maker", POD_MAKERS, ids=lambda maker: str(maker["metadata"]["name"]))
def test_pods_have_least_rights_and_this_version(maker: dict[str, Any]) -> None:
    pod = maker["spec"]["template"]["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        assert container["image"] == f"zoom-ops:{__version__}"
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


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


@pytest.mark.parametrize(
    ("component", "ingress", "egress"),
    [
        ("web", {"ingress-nginx": {8000}, "monitoring": {8000}}, {53, 5432, 443}),
        ("worker", {"monitoring": {8000}}, {53, 5432, 443}),
        ("migrate", {}, {53, 5432}),
    ],
)
def test_policies_say_who_reaches_a_pod_and_what_it_reaches(
    component: str, ingress: dict[str, set[int]], egress: set[int]
) -> None:
    policies = _policies_of(component)

    senders: dict[str, set[int]] = {}
    for rule in (rule for policy in policies for rule in policy.get("ingress", [])):
        for sender in rule["from"]:
            name = sender["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
            senders.setdefault(name, set()).update(port["port"] for port in rule["ports"])
    rules = [rule for policy in policies for rule in policy.get("egress", [])]
    assert {kind for policy in policies for kind in policy["policyTypes"]} == {"Ingress", "Egress"}
    assert senders == ingress
    assert {port["port"] for rule in rules for port in rule["ports"]} == egress
    assert all(rule["to"] for rule in rules)


@pytest.mark.parametrize("address", ["169.254.169.254", "10.96.0.1", "127.0.0.1", "192.168.1.1", "fd00::1", "::1"])
def test_https_does_not_lead_into_the_own_network(address: str) -> None:
    rules = [rule for policy in _policies_of("worker") for rule in policy.get("egress", [])]
    blocks = [to["ipBlock"] for rule in rules if {"protocol": "TCP", "port": 443} in rule["ports"] for to in rule["to"]]

    assert any(ip_address("203.0.113.7") in ip_network(block["cidr"]) for block in blocks)
    for block in blocks:
        assert ip_address(address) not in ip_network(block["cidr"]) or any(
            ip_address(address) in ip_network(inner) for inner in block["except"]
        )


def _policies_of(component: str) -> list[dict[str, Any]]:
    """List the specifications of the policies that select the pods of a component."""
    labels = {"app.kubernetes.io/name": "zoom-ops", "app.kubernetes.io/component": component}
    specs = [manifest["spec"] for manifest in MANIFESTS if manifest["kind"] == "NetworkPolicy"]
    return [spec for spec in specs if _selects(spec["podSelector"], labels)]


def _selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    equal = selector.get("matchLabels", {}).items() <= labels.items()
    return equal and all(labels[each["key"]] in each["values"] for each in selector.get("matchExpressions", ()))

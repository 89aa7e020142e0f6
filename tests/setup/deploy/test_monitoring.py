"""What deploy/ holds for Prometheus and Grafana is valid and says what it means."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.docs.pages import anchors
from tests.root import ROOT
from tests.setup.prometheus import ALERTS
from zoom_ops.operations.refusals import KINDS
from zoom_ops.operations.watching.attacks import SERVER_FULL, SIGN_IN_ATTACK
from zoom_ops.stages import ALERT_KINDS
from zoom_ops.store.alerts import SEVERITIES

RULES = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((ROOT / "deploy/grafana/zoom_ops.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
WIDTH = 24  # of Grafana's grid


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_alert_says_what_it_means_and_leads_to_the_runbook(rule: dict[str, Any]) -> None:
    page, _, anchor = rule["annotations"]["runbook"].partition("#")

    assert rule["labels"]["severity"] in (*SEVERITIES, "{{ $labels.severity }}")
    assert rule["annotations"]["summary"].endswith((".", "}}."))
    assert anchor in anchors((ROOT / page).read_text("utf-8"))


def test_alert_of_open_alerts_leaves_out_what_has_an_alert_of_its_own() -> None:
    (rule,) = (rule for rule in RULES if rule["alert"] == "ZoomOpsAlertOpen")
    (kinds,) = re.findall(r'kind!~"([^"]+)"', rule["expr"])

    assert sorted(kinds.split("|")) == sorted((*ALERT_KINDS, SIGN_IN_ATTACK, SERVER_FULL))


def test_alerts_of_attacks_count_each_kind_of_refusal_once() -> None:
    counted = [
        re.compile(kinds)
        for rule in RULES
        for kinds in re.findall(r'zoom_ops_refusals_total\{kind=~"([^"]+)"', rule["expr"])
    ]

    times = {kind: sum(bool(kinds.fullmatch(kind)) for kinds in counted) for kind in KINDS}
    assert times == dict.fromkeys(KINDS, 1) | {"host": 0}  # many ask every address for anything, which harms nobody


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_panel_says_what_it_shows_in_which_unit(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith((".", "`."))
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}


def test_panels_fill_the_dashboard_without_overlap() -> None:
    taken = [
        (column, line)
        for panel in DASHBOARD["panels"]
        for column in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for line in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(taken) == len(set(taken))
    assert len(taken) == WIDTH * (1 + max(line for _, line in taken))
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])

"""A real Prometheus takes our metrics, alerts and dashboard, and each panel has something to show."""

import json
import re
from pathlib import Path

import yaml

from tests.integration.service import MakeService
from tests.receiver import Receiver
from tests.root import ROOT
from tests.setup.prometheus import ALERTS, promtool, run_prometheus
from zoom_ops.operations.exposition import Exposition

DASHBOARD = json.loads((ROOT / "deploy/grafana/zoom_ops.json").read_text("utf-8"))
VARIABLES = {"$job": "zoom_ops", "$account": ".*", "$__rate_interval": "5m"}
RULES = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ANNOTATIONS = DASHBOARD["annotations"]["list"]
EMPTY = {"Open alerts by kind", "Runs that wait for a person", "Answers other than success"}  # where all is well
_NAME = re.compile(r"\b(?:zoom_ops|process)_\w+|\bup\b")


def fill(expression: str) -> str:
    """Put values in place of the dashboard's variables."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def test_prometheus_takes_metrics_alerts_and_dashboard(
    prometheus: Path, make_service: MakeService, receiver: Receiver, tmp_path: Path
) -> None:
    service = make_service(settings=receiver.settings())
    service.add()
    service.settle()
    scraped = Exposition(service.context, service.app.jobs).render()

    with run_prometheus(prometheus, tmp_path, scraped) as server:
        promtool(prometheus, "check", "config", "--syntax-only", "prometheus.yml")
        promtool(prometheus, "test", "rules", "alerts_test.yml")
        assert promtool(prometheus, "check", "metrics", given=scraped) == ""
        server.wait_for('zoom_ops_zoom_calls_total{method="POST", path="/users/{host}/webinars", status="201"}')
        known = set(server.ask("label/__name__/values"))
        shown = {
            panel["title"]: [server.ask("query", query=fill(target["expr"]))["result"] for target in panel["targets"]]
            for panel in PANELS
        }
        for annotation in ANNOTATIONS:
            server.ask("query", query=fill(annotation["expr"]))
        rules = server.wait_for_rules()

    assert {title for title, results in shown.items() if not all(results)} <= EMPTY
    assert {name for rule in RULES for name in _NAME.findall(rule["expr"])} - known == set()
    assert [rule["name"] for rule in rules if rule.get("lastError")] == []
    assert [rule["name"] for rule in rules] == [rule["alert"] for rule in RULES]

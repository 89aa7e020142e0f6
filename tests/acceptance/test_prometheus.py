"""A real Prometheus takes our metrics, alerts and dashboard, and every series that they name exists."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.acceptance.installation import Installation
from tests.acceptance.programme import import_programme
from tests.receiver import SECRET
from tests.root import ROOT
from tests.setup.prometheus import ALERTS, promtool, run_prometheus

DASHBOARD = json.loads((ROOT / "deploy/grafana/zoom_ops.json").read_text("utf-8"))
VARIABLES = {"$job": "zoom_ops", "$account": ".*", "$__rate_interval": "5m"}
RULES = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
_NAME = re.compile(r"\b(?:zoom_ops|process)_\w+|\bup\b")


def expressions() -> Iterator[str]:
    """Yield every expression of the dashboard and of the alerts."""
    of_panels = [target["expr"] for panel in PANELS for target in panel["targets"]]
    of_annotations = [annotation["expr"] for annotation in DASHBOARD["annotations"]["list"]]
    for expression in (*of_panels, *of_annotations, *(rule["expr"] for rule in RULES)):
        for name, value in VARIABLES.items():
            expression = expression.replace(name, value)
        yield expression


def test_prometheus_takes_metrics_alerts_and_dashboard(
    prometheus: Path, installation: Installation, tmp_path: Path
) -> None:
    installation.set(WEBHOOKS__NEWSLETTER__URL="http://127.0.0.1:1", WEBHOOKS__NEWSLETTER__SECRET=SECRET)
    target = installation.url.removeprefix("http://")
    with run_prometheus(prometheus, tmp_path, target) as server, installation.daemon() as daemon:
        import_programme(installation, 1)
        promtool(prometheus, "check", "config", "prometheus.yml")  # meanwhile: its first scrape comes after 5 seconds
        promtool(prometheus, "test", "rules", "alerts_test.yml")
        server.wait_for('zoom_ops_zoom_calls_total{method="POST", path="/users/{host}/webinars", status="201"}')
        known = set(server.ask("label/__name__/values"))
        answers = {expression: server.ask("query", query=expression) for expression in expressions()}
        (group,) = server.ask("rules")["groups"]
        scraped = daemon.fetch("/metrics").content

    assert {name for expression in answers for name in _NAME.findall(expression)} - known == set()
    assert [rule["name"] for rule in group["rules"] if rule.get("lastError")] == []
    assert len(group["rules"]) == len(RULES)
    assert promtool(prometheus, "check", "metrics", given=scraped) == ""

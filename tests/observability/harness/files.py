"""What the repository says: rules, the tests of rules, runbooks and the dashboard."""

import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy/prometheus/okr-rules.yaml"
CONFIG = ROOT / "deploy/prometheus/prometheus.yaml"
RULE_TESTS = sorted((ROOT / "tests/observability/rules").glob("*_test.yaml"))
RUNBOOKS = ROOT / "docs/runbooks"
DASHBOARD = ROOT / "deploy/grafana/okr-suite.json"

# What Grafana puts in for its variables, as the test chooses them.
VARIABLES = {"$namespace": ".*", "$service": ".+", "$interval": "15s"}


def read_yaml(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules():
    return [rule for group in read_yaml(RULES)["groups"] for rule in group["rules"]]


def alerts():
    return [rule for rule in rules() if "alert" in rule]


def dashboard():
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))


def panels():
    """Those that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def filled(expr):
    """A query of the dashboard without variables."""
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    return expr


def panel_queries():
    return [(panel["title"], filled(target["expr"])) for panel in panels() for target in panel["targets"]]


def annotation_queries():
    return [(each["name"], filled(each["expr"])) for each in dashboard()["annotations"]["list"] if "expr" in each]


def metric_names(expr):
    """Names of metrics that are scraped; what rules record has a colon in its name."""
    without_text = re.sub(r'"[^"]*"', '""', expr)
    names = re.findall(r"(?<![\w:$])((?:okr|grpc_server|process)_[a-z0-9_]+)(?![\w:(])", without_text)
    return set(names) - {"okr_service"}

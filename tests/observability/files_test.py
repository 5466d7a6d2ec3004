"""Rules, runbooks and dashboard agree with each other; needs promtool, but nothing that runs."""

import re
import subprocess
import sys

import pytest

from harness.files import (CONFIG, RULE_TESTS, RULES, ROOT, RUNBOOKS, alerts, annotation_queries, dashboard, panel_queries,
                           panels, read_yaml)


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout


def test_prometheus_takes_the_example_configuration_and_the_rules():
    promtool("check", "config", CONFIG)
    promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)


@pytest.mark.parametrize("file", RULE_TESTS, ids=lambda file: file.stem)
def test_rules_fire_when_they_should(file):
    promtool("test", "rules", file)


def alert_tests():
    """Of each file: the alert, and the severities that it is expected to fire with at a time."""
    for file in RULE_TESTS:
        for case in read_yaml(file)["tests"]:
            for test in case.get("alert_rule_test", []):
                yield test["alertname"], {alert["exp_labels"]["severity"] for alert in test.get("exp_alerts", [])}


def test_each_alert_has_a_test_that_it_fires_and_one_that_it_does_not():
    tests = list(alert_tests())
    for alert in alerts():
        name, severity = alert["alert"], alert["labels"]["severity"]
        assert any(name == tested and severity in fires for tested, fires in tests), f"{name} ({severity}) is never seen to fire"
        assert any(name == tested and not fires for tested, fires in tests), f"{name} is never seen to be silent"


def test_each_alert_says_what_a_person_needs():
    for alert in alerts():
        assert alert["labels"]["severity"] in ("page", "ticket"), alert
        assert alert["annotations"].keys() == {"summary", "description", "runbook_url"}, alert
        assert alert["annotations"]["runbook_url"] == f"docs/runbooks/{alert['alert']}.md", alert


def test_each_alert_has_its_runbook_and_each_runbook_its_alert():
    names = {alert["alert"] for alert in alerts()}
    assert {file.stem for file in RUNBOOKS.glob("*.md")} - {"README"} == names
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((Okr\w+)\.md\)", index)) == names
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(runbooks/(Okr\w+)\.md\)", operations)) == names


def test_runbooks_have_the_same_parts():
    parts = ["## Meaning", "## Impact", "## Look", "## Causes", "## Do", "## Over"]
    for file in RUNBOOKS.glob("Okr*.md"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {file.stem}\n"), file
        assert re.findall(r"^## .*$", text, re.MULTILINE) == parts, file


def test_links_of_the_documents_lead_somewhere():
    for file in [*RUNBOOKS.glob("*.md"), ROOT / "docs/operations.md"]:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (file.parent / link).exists(), f"{file}: {link}"


def test_the_dashboard_is_what_its_source_says():
    subprocess.run([sys.executable, "-B", ROOT / "deploy/grafana/render", "--check"], check=True)


def test_panels_have_ids_places_units_and_descriptions():
    everything = dashboard()["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    taken = set()
    for panel in everything:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
    for panel in panels():
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]), panel["title"]
    assert len({panel["title"] for panel in panels()}) == len(panels())


def test_every_query_uses_known_variables_only_and_those_of_the_suite():
    for name, expr in panel_queries() + annotation_queries():
        assert "$" not in expr, f"{name}: {expr}"
        for selector in re.findall(r"[a-z0-9_:]+\{[^}]*\}", expr):
            assert 'namespace=~".*"' in selector, f"{name}: {selector} is not of the chosen installation"


def test_prometheus_can_read_every_query(tmp_path):
    rule_file = tmp_path / "queries.yaml"
    queries = panel_queries() + annotation_queries()
    rule_file.write_text("groups:\n- name: queries\n  rules:\n" + "".join(
        f"  - record: query:{number}\n    expr: {expr!r}\n" for number, (_, expr) in enumerate(queries)), encoding="utf-8")
    promtool("check", "rules", rule_file)

"""A real Prometheus scrapes the suite under load: first while all is well, then while parts of it are broken."""

import os
import re
import signal
import socket
import ssl
import subprocess
import urllib.request

import pytest

from harness.files import metric_names, panel_queries, rules
from harness.prometheus import Prometheus
from harness.suite import ORGANIZATIONS, SERVICES, Suite, free_address, wait_until

# Of one instance. Methods, codes and statements are what most of them are of; nothing grows with data or time.
MOST_SERIES = 3000
SECONDS_OF_PEACE = 20
# What is there only with TLS: the panel, and its metric.
OF_TLS = ("Certificates, time left", "okr_tls_certificate_expiry_timestamp_seconds")
LABELS = {"__name__", "job", "instance", "okr_service", "grpc_type", "grpc_service", "grpc_method", "grpc_code", "le", "use",
          "state", "statement", "kind", "shard", "source", "server", "check", "service", "version", "commit", "grpc",
          "opentelemetry"}


@pytest.fixture(scope="module")
def suite():
    suite = Suite(os.environ["OKR_TEST_STATE"], int(os.environ["OKR_TEST_PORT"]), os.environ["OKR_TEST_BUILD"])
    suite.fill()
    with suite.load():
        yield suite


@pytest.fixture(scope="module")
def prometheus(suite, tmp_path_factory):
    with Prometheus(tmp_path_factory.mktemp("prometheus"), suite) as prometheus:
        yield prometheus


def wait_for_data(prometheus, queries):
    missing = list(queries)

    def none_is_missing():
        missing[:] = [(title, expr) for title, expr in missing if not prometheus.query(expr)]
        return not missing

    wait_until(none_is_missing, 60, lambda: "these panels have data: " + "; ".join(f"{title}: {expr}" for title, expr in missing))


# While all is well.


def test_every_query_of_the_dashboard_returns_data(prometheus):
    wait_for_data(prometheus, [(title, expr) for title, expr in panel_queries() if title != OF_TLS[0]])


def test_all_that_rules_and_panels_name_is_there(prometheus):
    there = set(prometheus.get("label/__name__/values"))
    named = set().union(*(metric_names(expr) for _, expr in panel_queries()), *(metric_names(rule["expr"]) for rule in rules()))
    assert named > {"grpc_server_handled_total", "okr_parked_events", "process_open_fds"}
    assert named - {OF_TLS[1]} <= there


def test_every_rule_can_be_evaluated(prometheus):
    evaluated = [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]
    assert len(evaluated) == len(rules())
    assert [rule for rule in evaluated if rule["health"] != "ok"] == []


def test_series_are_few_and_name_nobody(prometheus):
    series = prometheus.series()
    for service in SERVICES:
        count = sum(labels["okr_service"] == service for labels in series)
        print(f"{service}: {count} series")
        assert 300 < count < MOST_SERIES, service
    for labels in series:
        assert labels.keys() <= LABELS, labels
        for value in labels.values():
            assert ORGANIZATIONS not in value and not re.search(r"organizations/|people/|[0-9a-f]{8}-[0-9a-f]{4}-", value), labels


def test_each_service_speaks_the_format_well(suite):
    for service in SERVICES:
        with urllib.request.urlopen(f"http://{suite.admin_address(service)}/metrics", timeout=10) as answer:
            done = subprocess.run(["promtool", "check", "metrics"], input=answer.read(), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
        assert done.returncode == 0, f"{service}: {done.stdout.decode()}"


def test_nothing_fires_while_all_is_well(prometheus):
    looked_at = f"min(count_over_time(okr_serving[10m])) > {SECONDS_OF_PEACE}"
    wait_until(lambda: prometheus.query(looked_at), 2 * SECONDS_OF_PEACE, f"Prometheus has looked for {SECONDS_OF_PEACE} s")
    # How quick this machine is, is no matter here.
    assert prometheus.query('count_over_time(ALERTS{alertstate="firing", alertname!="OkrCallsSlow"}[10m])') == []


def make_certificate(folder, days):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days),
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "new.key",
                    "-out", folder / "new.pem"], check=True, stderr=subprocess.DEVNULL)
    for file in ("tls.key", "tls.pem"):
        (folder / file.replace("tls", "new")).rename(folder / file)


def is_shown(address, certificate):
    host, port = address.split(":")
    context = ssl.create_default_context(cafile=certificate)
    context.set_alpn_protocols(["h2"])
    try:
        with socket.create_connection((host, int(port)), timeout=5) as line, context.wrap_socket(line, server_hostname=host):
            return True
    except ssl.SSLCertVerificationError:
        return False


def test_an_instance_with_a_certificate_that_ends_soon(suite, prometheus, tmp_path):
    make_certificate(tmp_path, days=3)
    settings = {"OKR_LISTEN": free_address(), "OKR_ADMIN_LISTEN": free_address(),
                "OKR_TLS_CERTIFICATE_FILE": str(tmp_path / "tls.pem"), "OKR_TLS_KEY_FILE": str(tmp_path / "tls.key")}
    with suite.another("goals", **settings):
        prometheus.write_targets(others=[("goals", settings["OKR_ADMIN_LISTEN"])])
        wait_for_data(prometheus, [(title, expr) for title, expr in panel_queries() if title == OF_TLS[0]])
        ending = prometheus.wait_firing("OkrCertificateExpiring", okr_service="goals", use="server", severity="ticket")
        assert ending["annotations"]["summary"].startswith("The server certificate of goals ends in 2d 23h")
        make_certificate(tmp_path, days=30)
        # A new connection makes it look at the files.
        wait_until(lambda: is_shown(settings["OKR_LISTEN"], tmp_path / "tls.pem"), 20, "the new certificate is shown")
        prometheus.wait_over("OkrCertificateExpiring")
    prometheus.write_targets()


# While something is broken. Each ends when it is mended.


def test_without_redis_events_are_late_and_calls_go_on(suite, prometheus):
    suite.end("redis", signal.SIGTERM)
    for service in SERVICES:
        prometheus.wait_firing("OkrRelayRedisUnreachable", okr_service=service)
    late = prometheus.wait_firing("OkrRelayLagging", okr_service="checkins")
    assert re.match(r"Events of checkins reach Redis [\d.]+s late", late["annotations"]["summary"])
    assert not prometheus.firing("OkrErrorBudgetBurn")
    suite.start()
    for service in SERVICES:
        prometheus.wait_over("OkrRelayRedisUnreachable", okr_service=service)
    prometheus.wait_over("OkrRelayLagging")


def test_a_service_that_is_killed_and_one_that_is_not_known(suite, prometheus):
    suite.kill("notifications")
    prometheus.write_targets(("checkins", "scoring", "notifications"))
    prometheus.wait_firing("OkrServiceDown", okr_service="notifications")
    prometheus.wait_firing("OkrServiceAbsent", okr_service="goals")
    prometheus.write_targets()
    suite.start()
    prometheus.wait_over("OkrServiceDown")
    prometheus.wait_over("OkrServiceAbsent")


def test_events_that_were_put_aside_and_the_way_of_the_runbook(suite, prometheus):
    # As a version of scoring would be that cannot store what it knows of one key result.
    organization, name = suite.psql("SELECT organization_id, name FROM okr_scoring.measurements LIMIT 1").split("|")
    suite.psql(f"""ALTER TABLE okr_scoring.measurements ADD CONSTRAINT of_test
        CHECK (organization_id <> '{organization}' OR name <> '{name}') NOT VALID""")
    aside = prometheus.wait_firing("OkrEventsParked", okr_service="scoring", source="checkins")
    assert re.fullmatch(r"scoring has put \d+ event\(s\) of checkins aside", aside["annotations"]["summary"])
    parked = "SELECT count(*) FROM okr_scoring.parked_events WHERE source = 'checkins'"
    assert suite.psql(parked) != "0"
    suite.kill("scoring")
    suite.start()
    wait_until(lambda: "a parked event still cannot be applied" in suite.log("scoring"), 20, "scoring has tried again")
    suite.psql("ALTER TABLE okr_scoring.measurements DROP CONSTRAINT of_test")
    suite.kill("scoring")
    suite.start()
    wait_until(lambda: suite.psql(parked) == "0", 20, "scoring has applied what was parked")
    assert "a parked event was applied" in suite.log("scoring")
    prometheus.wait_over("OkrEventsParked")
    prometheus.wait_over("OkrServiceDown")



def test_a_stream_of_another_history_and_the_way_of_the_runbook(suite, prometheus):
    stream = "okr:{goals-0}:events"
    suite.redis("XADD", stream, "9999999999-1", "e", "of another history")
    prometheus.wait_firing("OkrRelayTrouble", okr_service="goals", shard="0")
    suite.redis("DEL", stream)
    prometheus.wait_over("OkrRelayTrouble")


def test_without_postgres_nothing_is_served(suite, prometheus):
    suite.end("postgres", signal.SIGINT)
    for service in SERVICES:
        prometheus.wait_firing("OkrServiceNotServing", okr_service=service, check="database")
        prometheus.wait_firing("OkrRelayPostgresUnreachable", okr_service=service)
    burning = prometheus.wait_firing("OkrErrorBudgetBurn", okr_service="checkins", severity="page", window="1h")
    assert re.match(r"checkins fails [\d.]+% of its calls", burning["annotations"]["summary"])
    suite.start()
    for name in ("OkrServiceNotServing", "OkrRelayPostgresUnreachable"):
        prometheus.wait_over(name)

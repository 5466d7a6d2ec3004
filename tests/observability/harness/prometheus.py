"""A real Prometheus with the rules and the example configuration of the repository, only faster."""

import json
import math
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from harness.files import CONFIG, RULES, read_yaml
from harness.suite import SERVICES, free_address, wait_until

# A minute of the rules is three seconds here.
FASTER = 20
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def shorter(match):
    return f"{match[1]}{max(1, int(match[2]) * SECONDS[match[3]] // FASTER)}s"


def faster(rules):
    """The rules with all times in ranges, subqueries, `for` and `interval` divided; thresholds stay as they are."""
    rules = re.sub(r"([\[:])(\d+)([smhd])(?=[\]:])", shorter, rules)
    rules = re.sub(r"((?:for|interval): )(\d+)([smhd])$", shorter, rules, flags=re.MULTILINE)
    # Sums over subqueries are multiplied by their step.
    return re.sub(r"(:(\d+)s\]\)) \* \d+", r"\1 * \2", rules)


class Prometheus:
    def __init__(self, folder, suite):
        self.folder = folder
        self.listen = free_address()
        self.address = f"http://{self.listen}"
        self.suite = suite
        self.process = None

    def write_targets(self, services=SERVICES, others=()):
        """The instances of `services`, and `others`: pairs of a service and the admin address of one more instance."""
        instances = [(service, self.suite.admin_address(service)) for service in services] + list(others)
        targets = [{"targets": [address], "labels": {"okr_service": service}} for service, address in instances]
        (self.folder / "targets.json").write_text(json.dumps(targets), encoding="utf-8")

    def __enter__(self):
        config = read_yaml(CONFIG)
        config["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        config["scrape_configs"][0]["file_sd_configs"][0]["files"] = ["targets.json"]
        (self.folder / "prometheus.yaml").write_text(json.dumps(config), encoding="utf-8")
        (self.folder / RULES.name).write_text(faster(RULES.read_text(encoding="utf-8")), encoding="utf-8")
        self.write_targets()
        with open(self.folder / "log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={self.folder}/prometheus.yaml", f"--storage.tsdb.path={self.folder}/data",
                 f"--web.listen-address={self.listen}", "--log.level=warn"], stdout=log, stderr=subprocess.STDOUT)
        wait_until(self.ready, 20, lambda: "Prometheus is ready: " + (self.folder / "log").read_text(encoding="utf-8"))
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait()

    def ready(self):
        assert self.process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(self.address + "/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def get(self, path, **parameters):
        url = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error

    def query(self, expr):
        """Labels and value of each series that has a finite one now."""
        found = [(each["metric"], float(each["value"][1])) for each in self.get("query", query=expr)["result"]]
        return [(labels, value) for labels, value in found if math.isfinite(value)]

    def series(self):
        """Labels of all that was scraped in the last minute; not what rules made of it."""
        return [labels for labels in self.get("series", **{"match[]": '{okr_service!="", job!=""}'})
                if not labels["__name__"].startswith("ALERTS")]

    def firing(self, name, **labels):
        """The alert with these labels, if it fires."""
        for alert in self.get("alerts")["alerts"]:
            if alert["state"] == "firing" and {"alertname": name, **labels}.items() <= alert["labels"].items():
                return alert
        return None

    def wait_firing(self, name, **labels):
        return wait_until(lambda: self.firing(name, **labels), 45, lambda: f"{name} {labels} fires: {self.get('alerts')}")

    def wait_over(self, name, **labels):
        wait_until(lambda: not self.firing(name, **labels), 45, lambda: f"{name} {labels} is over: {self.get('alerts')}")

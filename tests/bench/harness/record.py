"""How results are shown and kept."""

import os
import pathlib
import re
import subprocess

from harness.figures import FIGURES
from harness.suite import ROOT, run

DOCUMENT = ROOT / "docs/performance.md"
BEGIN = "<!-- Written by tests/bench/run --record. -->"
END = "<!-- End of what is written by tests/bench/run. -->"


def number(value, unit):
    text = f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    return text if unit == "x" else f"{text}{'' if unit.startswith('/') else ' '}{unit}"


def limit(value, unit):
    return f"{value:,g}" if unit == "x" else f"{value:,g}{'' if unit.startswith('/') else ' '}{unit}"


def table(results):
    lines = ["| figure | must | aim | measured | reached | rounds | what it is made of |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for figure in FIGURES:
        result = results.get(figure.key)
        if result is None:
            continue
        rounds = ", ".join(number(value, "x") for value in result["values"])
        lines.append(f"| {figure.title} (`{figure.key}`) | {limit(figure.must, figure.unit)} |"
                     f" {limit(figure.aim, figure.unit)} | **{number(result['value'], figure.unit)}** |"
                     f" {result['verdict']} | {rounds} | {result['detail']} |")
    return "\n".join(lines)


def _first(pattern, path):
    found = re.search(pattern, pathlib.Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "unknown"


def _version(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.strip().splitlines()[0]


def machine(suite):
    """What the figures were measured on and with."""
    processor = _first(r"^model name\s*: (.*)$", "/proc/cpuinfo")
    memory = int(_first(r"^MemTotal:\s*(\d+)", "/proc/meminfo")) / (1 << 20)
    synced = run([suite.place["POSTGRES_BIN"] + "/pg_test_fsync", "-s", "1", "-f", suite.state / "fsync-test"])
    fsync = re.search(r"fdatasync\s+([\d.]+) ops/sec", synced)
    commit = _version("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    return {"processor": f"{os.cpu_count()} cores of {processor}", "memory": f"{memory:.0f} GiB",
            "disk": f"{float(fsync.group(1)):,.0f} fdatasync of 8 KiB a second" if fsync else "unknown",
            "kernel": os.uname().release, "postgresql": _version(suite.place["POSTGRES_BIN"] + "/postgres", "--version"),
            "redis": _version("redis-server", "--version").split(" sha=")[0], "commit": commit}


def record(results, about, plan, date):
    """Rewrites the section of docs/performance.md."""
    section = [BEGIN, "", f"Measured on {date} at commit `{about['commit']}`: {about['processor']}, {about['memory']};",
               f"{about['disk']}; Linux {about['kernel']}; {about['postgresql']}; {about['redis']}.",
               f"Services, servers, load and references share the machine. Each round: {plan.warm_up:g} s warm-up,"
               f" {plan.seconds:g} s measured; the median of {plan.rounds}.", "", table(results), "", END]
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(before + "\n".join(section) + after, encoding="utf-8")

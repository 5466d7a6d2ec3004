"""Where the time goes while a figure is measured: perf for the processes, pg_stat_statements for the database."""

import contextlib
import subprocess

from harness.suite import DATABASE, Failed, run

STATEMENTS = """
SELECT calls, round(total_exec_time) AS exec_ms, round(mean_exec_time::numeric, 3) AS mean_ms,
       plans, round(total_plan_time) AS plan_ms, rows, shared_blks_hit AS blocks,
       pg_size_pretty(wal_bytes) AS wal, rolname, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query
FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
ORDER BY total_exec_time + total_plan_time DESC LIMIT 25
"""


class Profiler:
    def __init__(self, suite, figure):
        self.suite = suite
        self.figure = figure

    @contextlib.contextmanager
    def during(self, after, seconds):
        """Looks at the whole machine for so many seconds, beginning some seconds later; prints what it saw."""
        self.suite.psql("SELECT pg_stat_statements_reset()")
        recorded = self.suite.state / "perf.data"
        # The load begins about when this does.
        looking = subprocess.Popen(["sh", "-c", 'sleep "$1"; exec perf record -q -a -F 499 -o "$2" -- sleep "$3"', "sh",
                                    str(after), str(recorded), str(seconds)], stdin=subprocess.DEVNULL)
        try:
            yield
        finally:
            looking.wait()
        if looking.returncode != 0:
            raise Failed("perf cannot record; it needs linux-perf and kernel.perf_event_paranoid of at most 0")
        self._show("processes", recorded, "--sort", "pid", "--percent-limit", "0.5")
        service = self.suite.processes.get(self.figure.service)
        if service is not None:
            self._show(f"okr-{self.figure.service}", recorded, "--pid", str(service.pid), "--sort", "dso,symbol",
                       "--percentage", "relative", "--percent-limit", "0.7")
        self._show("postgres", recorded, "--comm", "postgres", "--sort", "dso,symbol", "--percentage", "relative",
                   "--percent-limit", "0.7")
        print(run([self.suite.place["POSTGRES_BIN"] + "/psql", "-X", "-P", "pager=off",
                   self.suite.conninfo("postgres", DATABASE), "-c", STATEMENTS]))

    def _show(self, title, recorded, *options):
        printed = run(["perf", "report", "-i", recorded, "--stdio", *options],
                      stdin=subprocess.DEVNULL)
        lines = [line.rstrip() for line in printed.splitlines() if line.strip() and not line.startswith("#")]
        print(f"\n== {title}\n" + "\n".join(lines[:45]))

"""A seeded run of the whole suite under faults, and the check of what it left. See tests/chaos/README.md."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from .checker import check
from .contracts import ROOT
from .faults import Faults
from .installation import Installation, Options
from .report import Progress, print_report, summarize, write_json
from .workload import Workload


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/chaos/run", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2, help="how long clients work and things fail (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="of clients and faults (default 1)")
    parser.add_argument("--replicas", type=int, default=2, help="of each service (default 2)")
    parser.add_argument("--organizations", type=int, default=6, help="one big and the rest small (default 6)")
    parser.add_argument("--clients", type=int, default=8, help="threads that call (default 8)")
    parser.add_argument("--bin", type=Path, default=Options.bin, help="folder of the programs")
    parser.add_argument("--report", type=Path, help="JSON file to write (default: build/chaos/seed-SEED.json)")
    parser.add_argument("--no-faults", action="store_true", help="nothing fails")
    parser.add_argument(
        "--keep", action="store_true", help="leave the folder with logs and history, and say where it is"
    )
    return parser.parse_args()


def _work(workload: Workload, faults: Faults | None, minutes: float) -> None:
    breaker = threading.Thread(target=faults.run if faults else lambda: None, name="faults")
    breaker.start()
    try:
        workload.run(seconds=minutes * 60)
    finally:
        if faults:
            faults.stop()
        breaker.join()


def main() -> int:
    """Gives the exit code: 1 if something was found."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # Leaves nothing behind then too.
    progress = Progress()
    with Installation(
        Options(bin=arguments.bin.resolve(), replicas=arguments.replicas, keep=arguments.keep)
    ) as installation:
        progress.say(f"the suite serves; seed {arguments.seed}, folder {installation.folder}")
        workload = Workload(installation, arguments.seed, arguments.organizations, arguments.clients)
        workload.found()
        workload.follow()
        progress.say(f"{arguments.organizations} organizations; {arguments.minutes:g} minutes with faults begin")
        faults = None if arguments.no_faults else Faults(installation, workload.history, arguments.seed)
        _work(workload, faults, arguments.minutes)
        progress.say(f"{len(workload.history)} operations, {len(workload.history.faults)} faults; waiting for rest")
        workload.settle()
        progress.say("checking")
        state, violations = check(workload)
        workload.close()
        report = summarize(
            workload,
            state,
            violations,
            minutes=arguments.minutes,
            seed=arguments.seed,
            replicas=arguments.replicas,
            organizations=arguments.organizations,
            clients=arguments.clients,
        )
        print_report(report, violations)
        file = arguments.report or ROOT / f"build/chaos/seed-{arguments.seed}.json"
        write_json(report, file)
        installation.options.keep = arguments.keep or bool(violations)
        if installation.options.keep:
            workload.history.write(installation.folder / "history.txt")
        progress.say(
            f"done; the report is {file}"
            + (f"; logs and history are in {installation.folder}" if installation.options.keep else "")
        )
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())

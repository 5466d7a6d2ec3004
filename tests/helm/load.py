"""Checks in and reads, as the services of others in a cluster do, until standard input ends; then says what became of it, and
fails if anything did not become of it what should.

    load.py NAMESPACE KEY_RESULT        the token stands in OKR_TOKEN

Connections are kept and balanced by the client over the headless Services, with the settings that docs/ gives to users. What
is safe to repeat is: reads by these settings, check-ins with the same request id. At the end all check-ins are listed again.
"""

import collections
import json
import os
import pathlib
import sys
import threading
import time
import uuid

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/contract/python"))
from reflection import Service  # noqa: E402

WRITERS = 4
ATTEMPTS = 5
PAUSE = 0.02
PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
FEW = 500  # Of which nothing could be said.


class Load:
    def __init__(self, namespace, key_result):
        settings = (ROOT / "docs/retry-service-config.json").read_text(encoding="utf-8")
        self.services = {
            name: Service(f"dns:///okr-{name}-headless.{namespace}.svc.cluster.local:7443", os.environ["OKR_TOKEN"],
                          [("grpc.service_config", settings)])
            for name in ("goals", "checkins", "scoring")}
        self.key_result = key_result
        self.mark = f"load {uuid.uuid4()}"
        self.done = threading.Event()
        self.acknowledged = set()
        self.again = 0
        self.reads = 0
        self.failures = collections.Counter()

    def run(self):
        threads = [threading.Thread(target=self._write) for _ in range(WRITERS)] + [threading.Thread(target=self._read)]
        for thread in threads:
            thread.start()
        print("under way", flush=True)
        sys.stdin.read()
        self.done.set()
        for thread in threads:
            thread.join()
        stored = self._stored()
        lost = self.acknowledged - set(stored)
        repeated = len(stored) - len(self.acknowledged - lost)
        print(json.dumps({"check_ins": len(stored), "sent_again": self.again, "reads": self.reads, "lost": len(lost),
                          "repeated": repeated, "failures": self.failures}, indent=2))
        return not lost and not repeated and not self.failures and min(len(stored), self.reads) > FEW

    def _write(self):
        while not self.done.is_set():
            request_id = str(uuid.uuid4())
            for attempt in range(ATTEMPTS):
                try:
                    answer = self.services["checkins"].call(
                        "okr.checkins.v1.CheckinsService/CreateCheckIn", parent=self.key_result, requestId=request_id,
                        checkIn={"value": 3, "confidence": 1, "note": self.mark})
                    self.acknowledged.add(answer["name"])
                    break
                except grpc.RpcError as error:
                    self._failed(error, attempt + 1 < ATTEMPTS and error.code() in PASSING)
            time.sleep(PAUSE)

    def _read(self):
        while not self.done.is_set():
            for service, method in (("goals", "okr.goals.v1.GoalsService/GetKeyResult"),
                                    ("scoring", "okr.scoring.v1.ScoringService/GetKeyResultScore")):
                try:
                    self.services[service].call(method, name=self.key_result)
                    self.reads += 1
                except grpc.RpcError as error:
                    self._failed(error, False)
            time.sleep(PAUSE)

    def _failed(self, error, may_repeat):
        if may_repeat:
            self.again += 1
            time.sleep(0.1)
        else:
            self.failures[f"{error.code().name}: {error.details()}"] += 1

    def _stored(self):
        names, token = [], ""
        while True:
            page = self.services["checkins"].call("okr.checkins.v1.CheckinsService/ListCheckIns", parent=self.key_result,
                                                  pageSize=500, pageToken=token)
            names += [one["name"] for one in page.get("checkIns", []) if one.get("note") == self.mark]
            token = page.get("nextPageToken")
            if not token:
                return names


if __name__ == "__main__":
    sys.exit(0 if Load(*sys.argv[1:]).run() else 1)

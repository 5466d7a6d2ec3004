"""Watchers of scores, as a page that shows them: they go on from their last resume token, whatever breaks."""

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc

from .api import Channels
from .check_history import relative
from .contracts import contracts
from .history import History, Violation
from .installation import Installation
from .state import Event, State, shard_of


@dataclass
class Watcher:
    """Of all scores of an organization, as its administrator sees them."""

    organization: str
    since: int | None = None  # Position in scoring's log after which it was told everything.
    token: str = ""
    seen: list[tuple[int, str]] = field(default_factory=list)  # Position and name, in the order of coming.

    @property
    def position(self) -> int:
        return int(self.token.split("-")[1]) if self.token else 0


class Watchers:
    """A thread for each."""

    def __init__(self, installation: Installation, channels: Channels, history: History) -> None:
        self._installation = installation
        self._channels = channels
        self._history = history
        self._stopping = threading.Event()
        self.all: list[Watcher] = []

    def watch(self, organization: str) -> None:
        watcher = Watcher(organization)
        self.all.append(watcher)
        threading.Thread(target=self._run, args=(watcher,), name=f"watcher of {organization}", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self, watcher: Watcher) -> None:
        method = contracts().methods["WatchScores"]
        token = self._installation.token(watcher.organization, "admin", "ADMIN")
        turn = 0
        while not self._stopping.is_set():
            turn += 1
            replica = f"scoring-{turn % self._installation.options.replicas}"
            request = method.request(parent=f"organizations/{watcher.organization}", resume_token=watcher.token)
            try:
                for answer in self._channels.stream(method, replica, request, token, 20):
                    _take(watcher, answer)
                    if self._stopping.is_set():
                        return
            except grpc.RpcError as error:
                if error.code() in (grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.INVALID_ARGUMENT):
                    found = f"{error.code().name}: {error.details()}"
                    self._history.violate(
                        Violation(
                            "a watcher goes on where it was",
                            watcher.organization,
                            f"changes after {watcher.token}",
                            found,
                        )
                    )
                    return
            except ValueError:
                return  # The channels were closed: the run is over.
            self._stopping.wait(0.1)

    def await_last(self, patience: float) -> None:
        """Until each was told of the last change that it may see; the check says what is missing."""
        deadline = time.monotonic() + patience
        for watcher in self.all:
            last = self._installation.postgres.query(
                "SELECT coalesce(max(position), 0) FROM okr_scoring.event_log WHERE "
                f"organization_id = '{watcher.organization}' AND type LIKE '%Changed'"
            )[0][0]
            while watcher.position < int(last) and time.monotonic() < deadline:
                time.sleep(0.05)


def _take(watcher: Watcher, answer: Any) -> None:
    watcher.token = answer.resume_token
    kind = answer.WhichOneof("change")
    if kind is not None:
        score = getattr(answer, kind)
        watcher.seen.append((watcher.position, score.key_result if kind == "key_result_score" else score.objective))
    if watcher.since is None:
        watcher.since = watcher.position - (kind is not None)


def check_watchers(state: State, watchers: Iterable[Watcher]) -> Iterator[Violation]:
    """Each change at most once, in the order of the log, and the last of everything that still is."""
    for watcher in watchers:
        if watcher.since is None:
            yield Violation("a watcher is told of changes", watcher.organization, "a first answer", "none")
            continue
        told = {
            event.position: event
            for event in state.logs[("scoring", shard_of(watcher.organization))]
            if event.organization == watcher.organization
            and event.type.endswith("Changed")
            and event.position > watcher.since
        }
        yield from _compare(state, watcher, told)


def _compare(state: State, watcher: Watcher, told: dict[int, Event]) -> Iterator[Violation]:
    positions = [position for position, _ in watcher.seen]
    if positions != sorted(set(positions)):
        yield Violation(
            "a watcher sees each change once, in order", watcher.organization, "rising positions", str(positions[:20])
        )
    for position, name in watcher.seen:
        event = told.get(position)
        if event is None or event.subject != name:
            yield Violation(
                "a watcher sees changes that were",
                f"{watcher.organization} {position}",
                event.subject if event else "none",
                name,
            )
    last = {event.subject: event for event in told.values()}
    seen = set(positions)
    for name, event in last.items():
        key = (watcher.organization, relative(name))
        row = state.table("goals.key_results").get(key) or state.table("goals.objectives").get(key)
        objective = state.table("goals.objectives").get((watcher.organization, key[1].split("/keyResults/")[0]))
        gone = any(one is None or one.columns["deleted"] != "0" for one in (row, objective))
        if not gone and event.position not in seen:
            yield Violation("a watcher sees the last change of everything", name, event.place, "not seen")

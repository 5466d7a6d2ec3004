"""Subscribers of event logs that must see each event once, in order, with no gap, across all reconnects."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import grpc

from .api import Channels, Identity
from .contracts import contracts
from .history import History, Violation
from .installation import Installation


@dataclass
class Follower:
    """Of the log of one service: a whole shard, or what people of one organization are shown of it; of some types only,
    if any are named."""

    service: str
    shard: int
    organization: str = ""
    types: tuple[str, ...] = ()
    seen: list[tuple[int, str]] = field(default_factory=list)  # Position and event id, in the order of coming.
    position: int = 0  # Everything up to here was sent or filtered out.
    epoch: int = 0
    streams: int = 0

    @property
    def name(self) -> str:
        return (
            f"{self.service}-{self.shard}"
            + (f" of {self.organization}" if self.organization else "")
            + (f" {len(self.types)} types" if self.types else "")
        )


class Followers:
    """A thread for each."""

    def __init__(self, installation: Installation, channels: Channels, history: History) -> None:
        self._installation = installation
        self._channels = channels
        self._history = history
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.all: list[Follower] = []

    def follow(self, service: str, shard: int, organization: str = "", types: tuple[str, ...] = ()) -> None:
        follower = Follower(service, shard, organization, types)
        self.all.append(follower)
        self._threads.append(
            threading.Thread(target=self._run, args=(follower,), name=f"follower {follower.name}", daemon=True)
        )
        self._threads[-1].start()

    def await_heads(self, patience: float) -> None:
        """Until each has seen the last event that it must see; who has not is a violation."""
        deadline = time.monotonic() + patience
        for follower in self.all:
            head = self._last_to_see(follower)
            while follower.position < head and time.monotonic() < deadline:
                time.sleep(0.05)
            if follower.position < head:
                self._history.violate(
                    Violation(
                        "a subscriber comes to the head",
                        follower.name,
                        f"position {head}",
                        f"position {follower.position} after {patience:g} s",
                    )
                )

    def _last_to_see(self, follower: Follower) -> int:
        conditions = [f"shard = {follower.shard}"]
        if follower.organization:
            conditions += [f"organization_id = '{follower.organization}'", "NOT private"]
        if follower.types:
            conditions.append("type IN (" + ", ".join(f"'{kind}'" for kind in follower.types) + ")")
        log = f"okr_{follower.service}.event_log WHERE {' AND '.join(conditions)}"
        return int(self._installation.postgres.query(f"SELECT coalesce(max(position), 0) FROM {log}")[0][0])

    def stop(self) -> None:
        self._stopping.set()

    def _run(self, follower: Follower) -> None:
        method = contracts().methods["Subscribe"]
        who = (
            Identity(follower.organization, "admin", "ADMIN")
            if follower.organization
            else Identity("*", "okr-suite", "SERVICE")
        )
        token = self._installation.token(who.organization, who.subject, who.role)
        turn = 0
        while not self._stopping.is_set():
            turn += 1
            replica = f"{follower.service}-{turn % self._installation.options.replicas}"
            request = method.request(from_beginning=True)
            if follower.organization:
                request.filter.organization = f"organizations/{follower.organization}"
            else:
                request.filter.shard = follower.shard
            request.filter.types.extend(follower.types)
            if follower.position:
                request.after.position = follower.position
                request.after.epoch = follower.epoch
            try:
                follower.streams += 1
                for answer in self._channels.stream(method, replica, request, token, 20):
                    self._take(follower, answer)
                    if self._stopping.is_set():
                        return
            except grpc.RpcError as error:
                if error.code() in (
                    grpc.StatusCode.OUT_OF_RANGE,
                    grpc.StatusCode.INVALID_ARGUMENT,
                    grpc.StatusCode.PERMISSION_DENIED,
                ):
                    self._history.violate(
                        Violation(
                            "a subscriber goes on where it was",
                            follower.name,
                            f"events after {follower.epoch}-{follower.position}",
                            f"{error.code().name}: {error.details()}",
                        )
                    )
                    return
            except ValueError:
                return  # The channels were closed: the run is over.
            self._stopping.wait(0.1)

    @staticmethod
    def _take(follower: Follower, answer: Any) -> None:
        if answer.HasField("event"):
            event = answer.event
            follower.seen.append((event.position.position, event.id))
        follower.position = answer.position.position
        follower.epoch = answer.position.epoch

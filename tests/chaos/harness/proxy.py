"""TCP links that can be cut: a program of its own, so that it does not wait for the harness.

    python -m harness.proxy LINKS.json

LINKS.json: {"name": {"port": 1234, "targets": [1235, 1236]}}; the connections of a link take its targets in turns. Commands
come on the standard input, one JSON list a line: ["cut", "prefix"] ends the connections of all links whose name begins so,
["refuse", "prefix"] also refuses new ones until ["accept", "prefix"]. Each is answered by a line with the number of
connections it ended.
"""

import asyncio
import json
import sys
from pathlib import Path


class _Pipe(asyncio.Protocol):
    """One direction of a connection, waiting for its other end."""

    def __init__(self, link: "_Link") -> None:
        self.link = link
        self.peer: "_Pipe | None" = None
        self.transport: asyncio.Transport | None = None
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.link.open.add(self)

    def data_received(self, data: bytes) -> None:
        if self.peer is not None and self.peer.transport is not None:
            self.peer.transport.write(data)
        else:
            self._early.append(data)

    def join(self, peer: "_Pipe") -> None:
        self.peer = peer
        if peer.transport is not None:
            peer.transport.writelines(self._early)
        self._early = []

    def connection_lost(self, exc: Exception | None) -> None:
        self.link.open.discard(self)
        if self.peer is not None and self.peer.transport is not None:
            self.peer.transport.close()

    def pause_writing(self) -> None:
        if self.peer is not None and self.peer.transport is not None:
            self.peer.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.peer is not None and self.peer.transport is not None and not self.peer.transport.is_closing():
            self.peer.transport.resume_reading()


class _Link:
    def __init__(self, name: str, targets: list[int]) -> None:
        self.name = name
        self.open: set[_Pipe] = set()
        self.refusing = False
        self._targets = targets
        self._next = 0
        self._tasks: set[asyncio.Task] = set()

    def accept(self) -> _Pipe:
        pipe = _Incoming(self)
        return pipe

    async def connect(self, incoming: _Pipe) -> None:
        outgoing = _Pipe(self)
        for _ in self._targets:
            target = self._targets[self._next % len(self._targets)]
            self._next += 1
            try:
                await asyncio.get_running_loop().create_connection(lambda: outgoing, "127.0.0.1", target)
                break
            except OSError:
                continue
        if outgoing.transport is None or incoming.transport is None or incoming.transport.is_closing():
            for pipe in (incoming, outgoing):
                if pipe.transport is not None:
                    pipe.transport.abort()
            return
        outgoing.join(incoming)
        incoming.join(outgoing)

    def begin(self, incoming: _Pipe) -> None:
        task = asyncio.get_running_loop().create_task(self.connect(incoming))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cut(self) -> int:
        ended = list(self.open)
        for pipe in ended:
            if pipe.transport is not None:
                pipe.transport.abort()
        return len(ended) // 2


class _Incoming(_Pipe):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self.link.refusing:
            assert self.transport is not None
            self.transport.abort()
        else:
            self.link.begin(self)


def _obey(links: list[_Link], what: str, prefix: str) -> int:
    chosen = [link for link in links if link.name.startswith(prefix)]
    for link in chosen:
        if what != "cut":
            link.refusing = what == "refuse"
    return 0 if what == "accept" else sum(link.cut() for link in chosen)


async def _serve(description: dict) -> None:
    loop = asyncio.get_running_loop()
    links = []
    for name, link in description.items():
        links.append(_Link(name, link["targets"]))
        await loop.create_server(links[-1].accept, "127.0.0.1", link["port"])
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    print("ready", flush=True)
    while line := await commands.readline():
        print(_obey(links, *json.loads(line)), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))

"""The suite's messages and methods, made from its .proto files when the harness starts."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = Path(__file__).resolve().parents[3]
_FILES = (
    "okr/goals/v1/goals_service.proto",
    "okr/directory/v1/directory_service.proto",
    "okr/checkins/v1/checkins_service.proto",
    "okr/scoring/v1/scoring_service.proto",
    "okr/notifications/v1/notifications_service.proto",
    "okr/events/v1/event_log_service.proto",
    "okr/events/v1/payloads.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
    "grpc/health/v1/health.proto",
)
_STORED = ("services/scoring/store/stored.proto", "services/checkins/store/stored.proto")

# Which process serves a package.
_SERVED_BY = {
    "okr.goals.v1": "goals",
    "okr.directory.v1": "goals",
    "okr.checkins.v1": "checkins",
    "okr.scoring.v1": "scoring",
    "okr.notifications.v1": "notifications",
}


@dataclass(frozen=True)
class Method:
    """An RPC."""

    name: str
    path: str
    service: str  # The process: "goals", "checkins", "scoring", "notifications"; empty: each has it.
    request: Any  # Classes of messages.
    response: Any

    @property
    def has_request_id(self) -> bool:
        return "request_id" in self.request.DESCRIPTOR.fields_by_name


def _describe(files: tuple[str, ...], roots: tuple[Path, ...]) -> descriptor_pb2.FileDescriptorSet:
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            [
                "protoc",
                *(f"-I{root}" for root in roots),
                "--include_imports",
                f"--descriptor_set_out={out.name}",
                *files,
            ],
            check=True,
        )
        return descriptor_pb2.FileDescriptorSet.FromString(Path(out.name).read_bytes())


class Contracts:
    """Everything by name. Each set of files has a pool of its own: two files of the tree are called stored.proto."""

    def __init__(self) -> None:
        self.pool = descriptor_pool.DescriptorPool()
        roots = (ROOT / "proto", ROOT / ".cache/proto")
        for file in _describe(_FILES, roots).file:
            self.pool.Add(file)
        self.methods: dict[str, Method] = {}
        for package in (*_SERVED_BY, "okr.events.v1", "grpc.health.v1"):
            self._add_methods(package)
        self._stored = {}
        for path in _STORED:
            pool = descriptor_pool.DescriptorPool()
            for file in _describe(
                (Path(path).name,), ((ROOT / path).parent, ROOT / "proto", ROOT / ".cache/proto")
            ).file:
                pool.Add(file)
                self._stored[file.package] = pool

    def _add_methods(self, package: str) -> None:
        names = {"okr.events.v1": "EventLogService", "grpc.health.v1": "Health"}
        service_name = f"{package}.{names.get(package) or package.split('.')[1].capitalize() + 'Service'}"
        service = self.pool.FindServiceByName(service_name)
        for method in service.methods:
            self.methods[method.name] = Method(
                method.name,
                f"/{service_name}/{method.name}",
                _SERVED_BY.get(package, ""),
                message_factory.GetMessageClass(method.input_type),
                message_factory.GetMessageClass(method.output_type),
            )

    def message(self, name: str) -> Any:
        """The class of a message by its full name."""
        pool = next((pool for package, pool in self._stored.items() if name.startswith(package + ".")), self.pool)
        return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))

    def unpack(self, any_bytes: bytes) -> Any:
        """What a serialized google.protobuf.Any holds."""
        wrapped = self.message("google.protobuf.Any").FromString(any_bytes)
        return self.message(wrapped.type_url.rsplit("/", 1)[-1]).FromString(wrapped.value)


_shared: list[Contracts] = []


def contracts() -> Contracts:
    """One for the process."""
    if not _shared:
        _shared.append(Contracts())
    return _shared[0]

"""What an error of the suite says, read from its google.rpc.Status."""

import contextlib

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status


class Refused:
    """Filled when the block of `refused` has ended."""

    code = None
    reason = None
    fields = frozenset()


@contextlib.contextmanager
def refused():
    """Expects the block to be refused by the service, with exactly one ErrorInfo."""
    outcome = Refused()
    with pytest.raises(grpc.RpcError) as caught:
        yield outcome
    outcome.code = caught.value.code()
    status = rpc_status.from_call(caught.value)
    assert status is not None, f"no google.rpc.Status with {caught.value}"
    infos = _details(status, error_details_pb2.ErrorInfo)
    assert len(infos) == 1
    outcome.reason = infos[0].reason
    outcome.fields = frozenset(
        violation.field for bad in _details(status, error_details_pb2.BadRequest) for violation in bad.field_violations)


def _details(status, kind):
    found = []
    for detail in status.details:
        if detail.Is(kind.DESCRIPTOR):
            message = kind()
            detail.Unpack(message)
            found.append(message)
    return found

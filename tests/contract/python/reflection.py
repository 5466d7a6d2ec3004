"""A client of the suite that knows no generated code: everything comes from the server's reflection."""

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


class Service:
    """One process of the suite. Requests and answers are dicts, as protobuf's JSON mapping has them."""

    def __init__(self, address, token=None, options=None):
        self._channel = grpc.insecure_channel(address, options=options)
        self._metadata = [("authorization", f"Bearer {token}")] if token else []
        self._database = ProtoReflectionDescriptorDatabase(self._channel)
        self._pool = descriptor_pool.DescriptorPool(self._database)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._channel.close()

    def services(self):
        return set(self._database.get_services())

    def methods(self, service):
        return {method.name: method for method in self._pool.FindServiceByName(service).methods}

    def call(self, method, timeout=20, **request):
        """Calls "package.Service/Method"; raises grpc.RpcError."""
        descriptor, message = self._prepare(method, request)
        answer = self._stub(self._channel.unary_unary, method, descriptor)(
            message, timeout=timeout, metadata=self._metadata)
        return self._as_dict(answer)

    def stream(self, method, timeout=20, **request):
        """Calls a method with a stream of answers; gives them as they come, until the timeout."""
        descriptor, message = self._prepare(method, request)
        answers = self._stub(self._channel.unary_stream, method, descriptor)(
            message, timeout=timeout, metadata=self._metadata)
        try:
            for answer in answers:
                yield self._as_dict(answer)
        finally:
            answers.cancel()

    def _prepare(self, method, request):
        service, name = method.split("/")
        descriptor = self.methods(service)[name]
        message = message_factory.GetMessageClass(descriptor.input_type)()
        return descriptor, json_format.ParseDict(request, message, descriptor_pool=self._pool)

    @staticmethod
    def _stub(kind, method, descriptor):
        answer = message_factory.GetMessageClass(descriptor.output_type)
        return kind("/" + method, request_serializer=lambda message: message.SerializeToString(),
                    response_deserializer=answer.FromString)

    def _as_dict(self, message):
        return json_format.MessageToDict(message, descriptor_pool=self._pool)

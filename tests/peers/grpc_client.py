"""grpc_client.py URL [CERTIFICATE]: what Python's grpcio makes of `perigee serve` at URL, without .proto files: all
descriptors come by reflection. With the certificate of its authority (PEM), over TLS."""

import sys
import time
import unittest
import urllib.parse

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

arguments, sys.argv[1:] = sys.argv[1:], []
address = urllib.parse.urlparse(arguments[0]).netloc


def connect(compression=grpc.Compression.NoCompression):
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
               ("grpc.enable_retries", 0)]
    if len(arguments) == 1:
        return grpc.insecure_channel(address, options, compression)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(arguments[1].encode()), options, compression)


channel = connect()
database = ProtoReflectionDescriptorDatabase(channel)
pool = descriptor_pool.DescriptorPool(database)


def message(name, **fields):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))(**fields)


def method(path, through=channel):
    service, name = path.split("/")
    described = pool.FindServiceByName(service).FindMethodByName(name)
    kind = f"{'stream' if described.client_streaming else 'unary'}_{'stream' if described.server_streaming else 'unary'}"
    return getattr(through, kind)(
        "/" + path, request_serializer=lambda sent: sent.SerializeToString(),
        response_deserializer=message_factory.GetMessageClass(described.output_type).FromString)


def test(name, through=channel):
    return method("perigee.test.Test/" + name, through)


def request(kind, **fields):
    return message(f"perigee.test.{kind}Request", **fields)


class Reflection(unittest.TestCase):
    def test_it_lists_the_services(self):
        self.assertIn("inference.GRPCInferenceService", database.get_services())
        self.assertIn("perigee.test.Test", database.get_services())

    def test_it_describes_messages(self):
        fields = pool.FindMessageTypeByName("inference.ModelInferRequest").fields_by_name
        self.assertEqual(fields["raw_input_contents"].number, 7)
        with self.assertRaises(KeyError):
            pool.FindMessageTypeByName("pkg.None")


class Health(unittest.TestCase):
    stub = health_pb2_grpc.HealthStub(channel)

    def test_it_is_serving(self):
        answer = self.stub.Check(health_pb2.HealthCheckRequest(service="inference.GRPCInferenceService"))
        self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)

    def test_a_service_that_there_is_not_is_not_found(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub.Check(health_pb2.HealthCheckRequest(service="pkg.Other"))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_a_watch_begins_with_the_status(self):
        watch = self.stub.Watch(health_pb2.HealthCheckRequest())
        self.assertEqual(next(watch).status, health_pb2.HealthCheckResponse.SERVING)
        watch.cancel()


class Calls(unittest.TestCase):
    def test_values_may_be_typed(self):
        sent = message("inference.ModelInferRequest", model_name="iris")
        flower = sent.inputs.add(name="predict", datatype="FP32", shape=[1, 4])
        flower.contents.fp32_contents.extend([1, 2, 3, 4])
        answer = method("inference.GRPCInferenceService/ModelInfer")(sent)
        self.assertEqual(list(answer.outputs[0].contents.int64_contents), [2])
        self.assertEqual(len(answer.raw_output_contents), 0)

    def test_metadata_go_both_ways(self):
        sent = request("Echo", text="ä", with_metadata=True)
        metadata = (("x-mine", "7"), ("x-bytes-bin", b"\0\1\xff"), ("x-grpc-test-echo-initial", "first"),
                    ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
        answer, call = test("Echo").with_call(sent, metadata=metadata)
        self.assertEqual((answer.text, answer.metadata["x-mine"]), ("ä", "7"))
        self.assertIn(("x-grpc-test-echo-initial", "first"), call.initial_metadata())
        self.assertIn(("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"), call.trailing_metadata())

    def test_a_status_has_its_message(self):
        with self.assertRaises(grpc.RpcError) as caught:
            test("Fail")(request("Fail", code=9, message="50 % gone: ä\n"))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
        self.assertEqual(caught.exception.details(), "50 % gone: ä\n")

    def test_a_deadline_is_kept(self):
        for name, sent in (("Hang", request("Hang")), ("Echo", request("Echo", delay_ms=60000))):
            start = time.monotonic()
            with self.assertRaises(grpc.RpcError) as caught:
                test(name)(sent, timeout=0.05)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
            self.assertLess(time.monotonic() - start, 30)

    def test_messages_may_be_compressed(self):
        for coding in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            with connect(coding) as packing:
                payload = b"x" * 1_000_000
                self.assertEqual(test("Echo", packing)(request("Echo", payload=payload)).payload, payload)
                answers = test("Chat", packing)(iter([request("Echo", text="a"), request("Echo", text="b")]))
                self.assertEqual([answer.text for answer in answers], ["a", "b"])

    def test_large_messages_pass(self):
        payload = bytes(range(256)) * 100_000
        self.assertEqual(test("Echo")(request("Echo", payload=payload)).payload, payload)

    def test_a_message_above_the_limit_exhausts_resources(self):
        with self.assertRaises(grpc.RpcError) as caught:
            test("Echo")(request("Echo", payload=bytes(65 << 20)))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    def test_an_unknown_method_is_unimplemented(self):
        for path in ("/perigee.test.Test/None", "/pkg.Other/None"):
            with self.assertRaises(grpc.RpcError) as caught:
                channel.unary_unary(path)(b"")
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)


class Streams(unittest.TestCase):
    def test_a_server_streams(self):
        answers = list(test("Count")(request("Count", messages=1000, size=1000)))
        self.assertEqual([answer.index for answer in answers], list(range(1, 1001)))

    def test_a_client_streams(self):
        answer = test("Sum")(request("Sum", value=value) for value in range(-10, 1000))
        self.assertEqual((answer.sum, answer.messages), (sum(range(-10, 1000)), 1010))

    def test_both_stream_in_turns(self):
        sent = []

        def ask():
            for text in "abc":
                sent.append(text)
                yield request("Echo", text=text)

        for number, answer in enumerate(test("Chat")(ask())):
            self.assertEqual(answer.text, "abc"[number])
        self.assertEqual(sent, list("abc"))

    def test_an_endless_stream_ends_when_it_is_cancelled(self):
        answers = test("Count")(request("Count", endless=True))
        self.assertEqual([next(answers).index for _ in range(100)], list(range(1, 101)))
        answers.cancel()


class Faults(unittest.TestCase):
    # grpcio may drop messages that came right before a fault, so they are not looked at.
    def status(self, way, messages=0, **fields):
        number = pool.FindEnumTypeByName("perigee.test.Way").values_by_name[way].number
        with connect() as own:
            try:
                list(test("BreakStream", own)(request("Break", way=number, messages=messages, **fields)))
            except grpc.RpcError as error:
                self.details = error.details()
                return error.code().name
            return "OK"

    def test_grpcio_takes_each_for_an_error_and_a_goaway_for_none(self):
        self.assertEqual(self.status("RESET"), "INTERNAL")
        self.assertEqual(self.status("CLOSE"), "UNAVAILABLE")
        self.assertEqual(self.status("NOT_PROTOBUF"), "INTERNAL")
        for way in ("NO_STATUS", "BAD_STATUS", "WRONG_CONTENT_TYPE", "HTTP_STATUS", "UNKNOWN_ENCODING"):
            with self.subTest(way):
                self.assertNotEqual(self.status(way, messages=1), "OK")
        status = self.status("GO_AWAY", messages=1)
        self.assertEqual(status, "OK", self.details)


if __name__ == "__main__":
    unittest.main()

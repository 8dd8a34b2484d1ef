"""triton_grpc_client.py URL: what Triton's Python client makes of `perigee serve` at URL over gRPC."""

import queue
import sys
import unittest

import numpy
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

client = triton.InferenceServerClient(sys.argv.pop(1).removeprefix("http://"))


def tensor(name, values):
    given = triton.InferInput(name, list(values.shape), np_to_triton_dtype(values.dtype))
    given.set_data_from_numpy(values)
    return given


def infer(model, inputs, *outputs, **more):
    wanted = [triton.InferRequestedOutput(name) for name in outputs] or None
    return client.infer(model, [tensor(*one) for one in inputs.items()], outputs=wanted, **more)


def numbers(datatype, *values):
    return numpy.array(values, dtype=datatype)


IRIS = {"predict": numpy.array([[1, 2, 3, 4], [9, 2, 3, 4]], dtype=numpy.float32)}
CLASSES = [[2], [1]]


class Server(unittest.TestCase):
    def test_it_is_live_and_ready(self):
        self.assertTrue(client.is_server_live())
        self.assertTrue(client.is_server_ready())

    def test_it_says_what_it_is(self):
        metadata = client.get_server_metadata()
        self.assertEqual(metadata.name, "perigee")
        self.assertIn("model_repository", metadata.extensions)


class Models(unittest.TestCase):
    def test_one_is_ready_another_is_not_there(self):
        self.assertTrue(client.is_model_ready("iris"))
        self.assertTrue(client.is_model_ready("iris", "1"))
        self.assertFalse(client.is_model_ready("nobody"))
        self.assertFalse(client.is_model_ready("iris", "7"))

    def test_the_metadata_describe_what_goes_in_and_comes_out(self):
        metadata = client.get_model_metadata("iris")
        self.assertEqual((metadata.name, list(metadata.versions)), ("iris", ["1"]))
        inputs = [(one.name, one.datatype, list(one.shape)) for one in metadata.inputs]
        self.assertEqual(inputs, [("predict", "FP32", [-1, 4])])
        self.assertIn(("predict", "INT64"), [(one.name, one.datatype) for one in metadata.outputs])

    def test_they_are_loaded_and_unloaded(self):
        name = "iris-of-the-grpc-client"
        self.assertFalse(client.is_model_ready(name))
        client.load_model(name)
        self.assertTrue(client.is_model_ready(name))
        states = {model.name: model.state for model in client.get_model_repository_index().models}
        self.assertEqual(states[name], "READY")
        self.assertEqual(infer(name, IRIS).as_numpy("predict").tolist(), CLASSES)
        client.unload_model(name)
        self.assertFalse(client.is_model_ready(name))

    def test_metadata_say_the_type_of_a_model_whose_name_does_not(self):
        client.load_model("nobody-knows", headers={"perigee-model-type": "iris"})
        self.assertEqual(infer("nobody-knows", IRIS).as_numpy("predict").tolist(), CLASSES)
        client.unload_model("nobody-knows")

    def test_a_model_of_no_type_is_not_loaded(self):
        with self.assertRaisesRegex(InferenceServerException, "model type") as caught:
            client.load_model("nobody")
        self.assertEqual(caught.exception.status(), "StatusCode.NOT_FOUND")
        with self.assertRaises(InferenceServerException):
            client.unload_model("nobody")


class Inference(unittest.TestCase):
    def test_floats_become_classes(self):
        answer = infer("iris", IRIS, request_id="mine")
        self.assertEqual(answer.as_numpy("predict").dtype, numpy.int64)
        self.assertEqual(answer.as_numpy("predict").tolist(), CLASSES)
        self.assertEqual(answer.get_response().id, "mine")
        self.assertIsNone(answer.as_numpy("predict_proba"))

    def test_outputs_come_as_they_are_asked_for(self):
        answer = infer("iris", IRIS, "predict_proba")
        self.assertEqual(answer.as_numpy("predict_proba").shape, (2, 3))
        self.assertIsNone(answer.as_numpy("predict"))

    def test_texts_are_added(self):
        values = numpy.array([["97"] * 16], dtype=numpy.object_)
        answer = infer("tfsimple_string", {"INPUT0": values, "INPUT1": values}, "OUTPUT0")
        self.assertEqual(answer.as_numpy("OUTPUT0").tolist(), [[b"194"] * 16])

    def test_each_datatype_comes_back_as_it_went(self):
        for values in [
            numbers(numpy.bool_, True, False),
            numbers(numpy.uint8, 0, 255), numbers(numpy.uint16, 0, 65535),
            numbers(numpy.uint32, 0, 2**32 - 1), numbers(numpy.uint64, 0, 2**64 - 1),
            numbers(numpy.int8, -128, 127), numbers(numpy.int16, -32768, 32767),
            numbers(numpy.int32, -2**31, 2**31 - 1), numbers(numpy.int64, -2**63, 2**63 - 1),
            numbers(numpy.float16, 0.1, -65504, 6e-8, numpy.inf, -0.0),
            numbers(numpy.float32, 0.1, -1e30, numpy.inf), numbers(numpy.float64, 0.1, -1e300),
            numbers(numpy.object_, b"a", b"\x00\xff", b""),
        ]:
            with self.subTest(values.dtype):
                outputs = infer("echo", {"x": values}).as_numpy("x")
                self.assertEqual(outputs.dtype, values.dtype)
                self.assertEqual(outputs.tobytes() if values.dtype != object else outputs.tolist(),
                                 values.tobytes() if values.dtype != object else values.tolist())

    def test_messages_may_be_compressed(self):
        for coding in ("gzip", "deflate"):
            with self.subTest(coding):
                answer = infer("iris", IRIS, compression_algorithm=coding)
                self.assertEqual(answer.as_numpy("predict").tolist(), CLASSES)

    def test_a_caller_need_not_wait(self):
        answers = queue.Queue()
        for _ in range(10):
            client.async_infer("iris", [tensor(*one) for one in IRIS.items()],
                               lambda result, error: answers.put((result, error)))
        for _ in range(10):
            result, error = answers.get(timeout=10)
            self.assertIsNone(error)
            self.assertEqual(result.as_numpy("predict").tolist(), CLASSES)


class Streams(unittest.TestCase):
    def stream(self, *models):
        answers = queue.Queue()
        client.start_stream(lambda result, error: answers.put((result, error)))
        for number, model in enumerate(models):
            client.async_stream_infer(model, [tensor(*one) for one in IRIS.items()], request_id=str(number))
        got = [answers.get(timeout=10) for _ in models]
        client.stop_stream()
        return got

    def test_each_request_has_its_response_in_order(self):
        got = self.stream("iris", "iris", "iris")
        self.assertEqual([error for _, error in got], [None] * 3)
        self.assertEqual([result.get_response().id for result, _ in got], ["0", "1", "2"])
        self.assertEqual(got[2][0].as_numpy("predict").tolist(), CLASSES)

    def test_an_error_is_one_of_the_responses(self):
        got = self.stream("iris", "nobody", "iris")
        self.assertIn("nobody", str(got[1][1]))
        self.assertEqual(got[2][0].as_numpy("predict").tolist(), CLASSES)


class Errors(unittest.TestCase):
    def check_refused(self, status, text, *arguments, **more):
        with self.assertRaisesRegex(InferenceServerException, text) as caught:
            infer(*arguments, **more)
        self.assertEqual(caught.exception.status(), f"StatusCode.{status}")

    def test_they_have_the_status_that_real_servers_give(self):
        self.check_refused("NOT_FOUND", "nobody", "nobody", IRIS)
        self.check_refused("INVALID_ARGUMENT", "prophecy", "iris", IRIS, "prophecy")
        self.check_refused("INVALID_ARGUMENT", "BOOL", "iris", {"predict": numpy.array([[True] * 4])})
        self.check_refused("INVALID_ARGUMENT", "shape", "iris", {"predict": numpy.array([1.0], dtype=numpy.float32)})


if __name__ == "__main__":
    unittest.main()

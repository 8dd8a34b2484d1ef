"""triton_client.py URL: what Triton's Python client makes of `perigee serve` at URL, with tensors as JSON and in binary."""

import sys
import unittest

import ml_dtypes
import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

client = triton.InferenceServerClient(sys.argv.pop(1).removeprefix("http://"))


def tensor(name, values, binary=False):
    given = triton.InferInput(name, list(values.shape), np_to_triton_dtype(values.dtype))
    given.set_data_from_numpy(values, binary_data=binary)
    return given


def infer(model, inputs, output, sent_binary=False, asked_binary=False, **more):
    given = [tensor(name, values, sent_binary) for name, values in inputs.items()]
    wanted = [triton.InferRequestedOutput(output, binary_data=asked_binary)]
    return client.infer(model, given, outputs=wanted, **more)


def numbers(datatype, *values):
    return numpy.array(values, dtype=datatype)


# Whether inputs are sent in binary, and outputs asked for in it.
WAYS = [(False, False), (True, False), (False, True), (True, True)]
IRIS = {"predict": numpy.array([[1, 2, 3, 4], [9, 2, 3, 4]], dtype=numpy.float32)}


def classes(answer):
    return answer.as_numpy("predict").tolist()


class Server(unittest.TestCase):
    def test_it_is_live_and_ready(self):
        self.assertTrue(client.is_server_live())
        self.assertTrue(client.is_server_ready())

    def test_it_says_what_it_is(self):
        metadata = client.get_server_metadata()
        self.assertEqual(metadata["name"], "perigee")
        self.assertIn("model_repository", metadata["extensions"])
        self.assertIn("binary_tensor_data", metadata["extensions"])


class Models(unittest.TestCase):
    def test_one_is_ready_another_is_not_there(self):
        self.assertTrue(client.is_model_ready("iris"))
        self.assertTrue(client.is_model_ready("iris", "1"))
        self.assertFalse(client.is_model_ready("nobody"))
        self.assertFalse(client.is_model_ready("iris", "7"))

    def test_the_metadata_describe_what_goes_in_and_comes_out(self):
        metadata = client.get_model_metadata("iris")
        self.assertEqual((metadata["name"], metadata["versions"]), ("iris", ["1"]))
        self.assertEqual([(one["name"], one["datatype"]) for one in metadata["inputs"]], [("predict", "FP32")])
        self.assertIn(("predict", "INT64"), [(one["name"], one["datatype"]) for one in metadata["outputs"]])

    def test_they_are_loaded_and_unloaded(self):
        self.assertFalse(client.is_model_ready("iris-of-the-client"))
        client.load_model("iris-of-the-client")
        self.assertTrue(client.is_model_ready("iris-of-the-client"))
        states = {model["name"]: model["state"] for model in client.get_model_repository_index()}
        self.assertEqual(states["iris-of-the-client"], "READY")
        self.assertEqual(classes(infer("iris-of-the-client", IRIS, "predict")), classes(infer("iris", IRIS, "predict")))
        client.unload_model("iris-of-the-client")
        self.assertFalse(client.is_model_ready("iris-of-the-client"))

    def test_a_configuration_may_come_along_with_a_load(self):
        client.load_model("iris-of-the-client", config='{"max_batch_size": 8}')
        client.unload_model("iris-of-the-client", unload_dependents=True)

    def test_a_header_says_the_type_of_a_model_whose_name_does_not(self):
        client.load_model("nobody-yet", headers={"perigee-model-type": "iris"})
        self.assertEqual(classes(infer("nobody-yet", IRIS, "predict")), classes(infer("iris", IRIS, "predict")))
        client.unload_model("nobody-yet")

    def test_a_model_of_no_type_is_not_loaded(self):
        with self.assertRaisesRegex(InferenceServerException, "model type"):
            client.load_model("nobody")
        with self.assertRaises(InferenceServerException):
            client.unload_model("nobody")


class Inference(unittest.TestCase):
    def test_floats_become_classes(self):
        answer = infer("iris", IRIS, "predict", request_id="mine")
        self.assertEqual(answer.as_numpy("predict").dtype, numpy.int64)
        self.assertEqual(answer.as_numpy("predict").shape, (2, 1))
        self.assertEqual(answer.get_response()["id"], "mine")

    def test_whole_numbers_are_added(self):
        values = numpy.arange(16, dtype=numpy.int32).reshape(1, 16)
        answer = infer("tfsimple", {"INPUT0": values, "INPUT1": values}, "OUTPUT0")
        self.assertEqual(answer.as_numpy("OUTPUT0").tolist(), (values + values).tolist())
        self.assertIsNone(answer.as_numpy("OUTPUT1"))

    def test_texts_are_added(self):
        values = numpy.array([["97"] * 16], dtype=numpy.object_)
        answer = infer("tfsimple_string", {"INPUT0": values, "INPUT1": values}, "OUTPUT0")
        self.assertEqual(answer.as_numpy("OUTPUT0").tolist(), [["194"] * 16])

    def test_each_datatype_comes_back_as_it_went(self):
        for values in [
            numbers(numpy.bool_, True, False),
            numbers(numpy.uint8, 0, 255), numbers(numpy.uint16, 0, 65535),
            numbers(numpy.uint32, 0, 2**32 - 1), numbers(numpy.uint64, 0, 2**64 - 1),
            numbers(numpy.int8, -128, 127), numbers(numpy.int16, -32768, 32767),
            numbers(numpy.int32, -2**31, 2**31 - 1), numbers(numpy.int64, -2**63, 2**63 - 1),
            numbers(numpy.float16, 0.1, -65504),
            numbers(numpy.float32, 0.1, -1e30), numbers(numpy.float64, 0.1, -1e300),
        ]:
            for sent, asked in WAYS:
                with self.subTest(values.dtype, sent=sent, asked=asked):
                    outputs = infer("echo", {"x": values}, "x", sent, asked).as_numpy("x")
                    self.assertEqual(outputs.dtype, values.dtype)
                    self.assertEqual(outputs.tolist(), values.tolist())

    def test_texts_come_back_as_they_went(self):
        texts = ["a", "", "\u00e4\u20ac\U0001f600", "x" * 100_000]
        for sent, asked in WAYS:
            with self.subTest(sent=sent, asked=asked):
                outputs = infer("echo", {"x": numbers(numpy.object_, *texts)}, "x", sent, asked).as_numpy("x")
                # What came in binary is bytes, which the client leaves as they are.
                found = [text.decode() if isinstance(text, bytes) else text for text in outputs.tolist()]
                self.assertEqual(found, texts)

    def test_bytes_that_are_no_text_go_in_binary(self):
        values = numbers(numpy.object_, b"\xff\0", b"")
        self.assertEqual(infer("echo", {"x": values}, "x", True, True).as_numpy("x").tolist(), [b"\xff\0", b""])

    def test_bf16_goes_in_binary(self):
        values = numbers(ml_dtypes.bfloat16, 1, -2, 0.1)
        answer = client.infer("echo", [tensor("x", values, binary=True)])
        self.assertEqual(answer.get_output("x")["datatype"], "BF16")
        self.assertEqual(answer.as_numpy("x").tolist(), values.tolist())

    def test_large_tensors_go_in_binary(self):
        values = numpy.linspace(-1, 1, 224 * 224 * 3, dtype=numpy.float32).reshape(1, 224, 224, 3)
        answer = client.infer("echo", [tensor("x", values, binary=True)])
        self.assertTrue(numpy.array_equal(answer.as_numpy("x"), values))

    def test_inputs_may_differ_in_how_they_are_sent(self):
        values = numpy.arange(16, dtype=numpy.int32).reshape(1, 16)
        given = [tensor("INPUT0", values, binary=True), tensor("INPUT1", values)]
        wanted = [triton.InferRequestedOutput("OUTPUT0"), triton.InferRequestedOutput("OUTPUT1", binary_data=False)]
        answer = client.infer("tfsimple", given, outputs=wanted)
        self.assertEqual(answer.as_numpy("OUTPUT0").tolist(), (values + values).tolist())
        self.assertEqual(answer.as_numpy("OUTPUT1").tolist(), (values - values).tolist())

    def test_tensors_of_no_values_come_back(self):
        answer = client.infer("echo", [tensor("x", numpy.zeros((0, 4), dtype=numpy.float32), binary=True)])
        self.assertEqual(answer.as_numpy("x").shape, (0, 4))

    def test_bodies_may_be_compressed(self):
        expected = classes(infer("iris", IRIS, "predict"))
        for coding in ("gzip", "deflate"):
            for body in ("request", "response"):
                for sent, asked in WAYS:
                    with self.subTest(f"{coding} of the {body}", sent=sent, asked=asked):
                        answer = infer("iris", IRIS, "predict", sent, asked, **{f"{body}_compression_algorithm": coding})
                        self.assertEqual(classes(answer), expected)

    def test_all_outputs_are_binary_where_none_is_named(self):
        answer = client.infer("iris", [tensor(name, values) for name, values in IRIS.items()])
        self.assertEqual(answer.get_output("predict")["parameters"], {"binary_data_size": 16})
        self.assertEqual(classes(answer), classes(infer("iris", IRIS, "predict")))

    def test_a_caller_need_not_wait(self):
        given = [tensor(name, values) for name, values in IRIS.items()]
        wanted = [triton.InferRequestedOutput("predict", binary_data=False)]
        waiting = [client.async_infer("iris", given, outputs=wanted) for _ in range(10)]
        expected = classes(infer("iris", IRIS, "predict"))
        for one in waiting:
            self.assertEqual(classes(one.get_result()), expected)


class Errors(unittest.TestCase):
    def test_an_unknown_model_is_not_found(self):
        with self.assertRaisesRegex(InferenceServerException, "nobody") as caught:
            infer("nobody", IRIS, "predict")
        self.assertEqual(caught.exception.status(), "404")

    def test_an_unknown_output_is_named(self):
        with self.assertRaisesRegex(InferenceServerException, "prophecy"):
            infer("iris", IRIS, "prophecy")

    def test_a_wrong_datatype_is_named(self):
        with self.assertRaisesRegex(InferenceServerException, "BOOL") as caught:
            infer("iris", {"predict": numpy.array([[True] * 4])}, "predict")
        self.assertEqual(caught.exception.status(), "400")

    def test_binary_values_of_another_size_are_refused(self):
        given = tensor("predict", IRIS["predict"], binary=True)
        given.set_shape([3, 4])
        with self.assertRaisesRegex(InferenceServerException, "holds 48") as caught:
            client.infer("iris", [given])
        self.assertEqual(caught.exception.status(), "400")


if __name__ == "__main__":
    unittest.main()

"""ovms_client.py URL: what OpenVINO Model Server's Python client makes of `perigee serve` at URL, over gRPC and HTTP."""

import sys
import unittest

import numpy
from ovmsclient import make_grpc_client, make_http_client
from ovmsclient.tfs_compat.base.errors import InvalidInputError, ModelNotFoundError

address = sys.argv.pop(1).removeprefix("http://")
FLOWERS = numpy.array([[1, 2, 3, 4], [9, 2, 3, 4]], dtype=numpy.float32)


class Client:
    def test_a_model_tells_its_status(self):
        status = self.client.get_model_status(model_name="iris")
        self.assertEqual(status[1]["state"], "AVAILABLE")

    def test_a_model_tells_what_it_takes(self):
        metadata = self.client.get_model_metadata(model_name="iris")
        self.assertEqual(metadata["model_version"], 1)
        self.assertEqual(metadata["inputs"]["predict"], {"shape": [-1, 4], "dtype": "DT_FLOAT"})

    def test_a_model_with_an_output_predicts(self):
        classes = self.client.predict(inputs={"predict": FLOWERS}, model_name="iris")
        self.assertEqual(numpy.array(classes).tolist(), [[2], [1]])

    def test_a_model_with_two_outputs_predicts(self):
        ones = numpy.ones((1, 16), dtype=numpy.int32)
        outputs = self.client.predict(inputs={"INPUT0": ones, "INPUT1": ones}, model_name="tfsimple")
        self.assertEqual(numpy.array(outputs["OUTPUT0"]).tolist(), [[2] * 16])
        self.assertEqual(numpy.array(outputs["OUTPUT1"]).tolist(), [[0] * 16])

    def test_texts_of_any_bytes_are_taken(self):
        picture = b"\xff\xd8 picture"
        answer = self.client.predict(inputs={"predict": [picture]}, model_name="echo")
        self.assertEqual(len(answer), 1)

    def test_an_unknown_model_is_not_found(self):
        with self.assertRaises(ModelNotFoundError):
            self.client.predict(inputs={"predict": FLOWERS}, model_name="nobody")

    def test_a_wrong_shape_is_an_invalid_input(self):
        with self.assertRaises(InvalidInputError):
            self.client.predict(inputs={"predict": FLOWERS[:, :2]}, model_name="iris")


class Grpc(Client, unittest.TestCase):
    client = make_grpc_client(address)


class Http(Client, unittest.TestCase):
    client = make_http_client(address)

    # It reads the spelling of OpenVINO Model Server only, and gives others' JSON as it is.
    def test_a_model_tells_what_it_takes(self):
        metadata = self.client.get_model_metadata(model_name="iris")
        self.assertEqual(metadata["model_spec"]["version"], "1")
        signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"]
        self.assertEqual(signature["inputs"]["predict"]["dtype"], "DT_FLOAT")


unittest.main()

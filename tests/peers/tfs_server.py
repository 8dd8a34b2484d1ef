"""tfs_server.py PORT: TensorFlow Serving's API over grpcio, with the messages that OpenVINO's client has.

The model "half" halves FP32 values; "counter" is stateful, and reads its control inputs only where OpenVINO Model Server
does: in the lists of the tensors.
"""

import sys
from concurrent import futures

import grpc
import numpy
from ovmsclient.tfs_compat.grpc.tensors import make_ndarray, make_tensor_proto
from ovmsclient.tfs_compat.protos.tensorflow.core.framework import types_pb2
from ovmsclient.tfs_compat.protos.tensorflow_serving.apis import (
    get_model_metadata_pb2, get_model_status_pb2, model_service_pb2_grpc, predict_pb2, prediction_service_pb2_grpc)

INPUTS = {
    "half": {"x": (types_pb2.DT_FLOAT, [-1, 4])},
    "counter": {"x": (types_pb2.DT_FLOAT, [-1, 4]), "sequence_id": (types_pb2.DT_UINT64, [1]),
                "sequence_control_input": (types_pb2.DT_UINT32, [1])},
}
sequences = set()


def known(request, context):
    if request.model_spec.name not in INPUTS:
        context.abort(grpc.StatusCode.NOT_FOUND, "Model with requested name is not found")
    return request.model_spec.name


def describe(infos, tensors):
    for name, (dtype, shape) in tensors.items():
        infos[name].name = name
        infos[name].dtype = dtype
        for size in shape:
            infos[name].tensor_shape.dim.add(size=size)


def follow_sequence(request, context):
    number = request.inputs["sequence_id"].uint64_val
    control = request.inputs["sequence_control_input"].uint32_val
    if len(number) != 1 or len(control) != 1:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the control inputs are not in uint64_val and uint32_val")
    if control[0] == 1 and number[0] in sequences:
        context.abort(grpc.StatusCode.ALREADY_EXISTS, "Sequence with provided ID already exists")
    if control[0] != 1 and number[0] not in sequences:
        context.abort(grpc.StatusCode.NOT_FOUND, "Sequence with provided ID does not exist")
    (sequences.discard if control[0] == 2 else sequences.add)(number[0])


class Predictions(prediction_service_pb2_grpc.PredictionServiceServicer):
    def GetModelMetadata(self, request, context):
        name = known(request, context)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        describe(signatures.signature_def["serving_default"].inputs, INPUTS[name])
        describe(signatures.signature_def["serving_default"].outputs, {"y": (types_pb2.DT_FLOAT, [-1, 4])})
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = name
        response.model_spec.version.value = 3
        # The client's package renames the messages; TensorFlow Serving's own name stands on the wire.
        response.metadata["signature_def"].type_url = "type.googleapis.com/tensorflow.serving.SignatureDefMap"
        response.metadata["signature_def"].value = signatures.SerializeToString()
        return response

    def Predict(self, request, context):
        if known(request, context) == "counter":
            follow_sequence(request, context)
        values = make_ndarray(request.inputs["x"])
        response = predict_pb2.PredictResponse()
        response.outputs["y"].CopyFrom(make_tensor_proto((values / 2).astype(numpy.float32)))
        return response


class Models(model_service_pb2_grpc.ModelServiceServicer):
    def GetModelStatus(self, request, context):
        known(request, context)
        response = get_model_status_pb2.GetModelStatusResponse()
        response.model_version_status.add(version=3, state=30)
        return response


server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(Predictions(), server)
model_service_pb2_grpc.add_ModelServiceServicer_to_server(Models(), server)
server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
server.start()
print("it listens", flush=True)
server.wait_for_termination()

"""Sums and differences of numbers that are written as text."""

import numpy
import triton_python_backend_utils as triton


def numbers(request, name):
    return triton.get_input_tensor_by_name(request, name).as_numpy().astype(numpy.int64)


def texts(name, values):
    return triton.Tensor(name, values.astype(str).astype(numpy.object_))


class TritonPythonModel:
    def execute(self, requests):
        responses = []
        for request in requests:
            first, second = (numbers(request, name) for name in ("INPUT0", "INPUT1"))
            outputs = [texts("OUTPUT0", first + second), texts("OUTPUT1", first - second)]
            responses.append(triton.InferenceResponse(outputs))
        return responses

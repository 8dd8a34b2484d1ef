"""Sums and differences of numbers."""

import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        responses = []
        for request in requests:
            first, second = (triton.get_input_tensor_by_name(request, name).as_numpy() for name in ("INPUT0", "INPUT1"))
            outputs = [triton.Tensor("OUTPUT0", first + second), triton.Tensor("OUTPUT1", first - second)]
            responses.append(triton.InferenceResponse(outputs))
        return responses

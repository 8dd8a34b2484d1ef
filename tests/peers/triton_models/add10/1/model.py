"""Ten more than each number."""

import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        responses = []
        for request in requests:
            values = triton.get_input_tensor_by_name(request, "INPUT").as_numpy()
            responses.append(triton.InferenceResponse([triton.Tensor("OUTPUT", values + 10)]))
        return responses

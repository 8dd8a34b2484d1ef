"""As many responses as max_tokens says (1 if it does not), each of which repeats the text; but for the text "fail" the
last is an error."""

import numpy
import triton_python_backend_utils as triton


def text_of(request):
    return triton.get_input_tensor_by_name(request, "text_input").as_numpy()[0].decode()


def count_of(request):
    tensor = triton.get_input_tensor_by_name(request, "max_tokens")
    return 1 if tensor is None else int(tensor.as_numpy()[0])


def response_to(text, number, is_last):
    if text == "fail" and is_last:
        return triton.InferenceResponse([], error=triton.TritonError("no words for that"))
    output = numpy.array([f"{text} {number}"], dtype=numpy.object_)
    return triton.InferenceResponse([triton.Tensor("text_output", output)])


class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            count = count_of(request)
            for number in range(1, count + 1):
                sender.send(response_to(text_of(request), number, number == count))
            sender.send(flags=triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

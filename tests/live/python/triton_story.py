"""A model of the live Triton server that tells a story word by word, for its `generate_stream`; no network is in it.

`max_tokens` says how many words; with `fails_after` it fails after so many.
"""

import json
import time

import numpy
import triton_python_backend_utils as triton

PAUSE_S = 0.01


class TritonPythonModel:
    """What Triton calls."""

    def execute(self, requests):
        for request in requests:
            self.tell(request.get_response_sender(), json.loads(request.parameters()))

    def tell(self, sender, parameters):
        last = parameters.get("fails_after", parameters["max_tokens"])
        for i in range(last):
            time.sleep(PAUSE_S)
            word = numpy.array([f" word{i}".encode()], dtype=object)
            sender.send(triton.InferenceResponse([triton.Tensor("text_output", word)]))
        if "fails_after" in parameters:
            sender.send(triton.InferenceResponse(error=triton.TritonError("ran out")))
        sender.send(flags=triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

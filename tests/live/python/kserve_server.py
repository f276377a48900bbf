"""The small model in the server of KServe's SDK: `kserve_server.py --port=N`"""

import argparse

import numpy
from kserve import InferOutput, InferResponse, Model, ModelServer

import small_model


class LiveModel(Model):
    """What the SDK calls."""

    def __init__(self):
        super().__init__(small_model.NAME)
        self.load()

    def load(self):
        self.model = small_model.SmallModel()
        self.ready = True
        return True

    def get_input_types(self):
        return [{"name": "rows", "datatype": "FP32", "shape": [-1, small_model.FEATURES]}]

    def get_output_types(self):
        return [{"name": "scores", "datatype": "FP32", "shape": [-1, small_model.CLASSES]}]

    async def predict(self, payload, headers=None, response_headers=None):
        scores = self.model(payload.inputs[0].as_numpy())
        output = InferOutput("scores", list(scores.shape), "FP32")
        output.set_data_from_numpy(scores.astype(numpy.float32), binary_data=False)
        return InferResponse(response_id=payload.id or "1", model_name=self.name, infer_outputs=[output])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    ModelServer(http_port=port, enable_grpc=False, access_log_format=None).start([LiveModel()])

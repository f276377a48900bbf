"""The small model in MLServer."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse

import small_model


class LiveModel(MLModel):
    """What MLServer calls, in each of its workers."""

    async def load(self):
        self.model = small_model.SmallModel()
        return True

    async def predict(self, payload):
        scores = self.model(NumpyCodec.decode_input(payload.inputs[0]))
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("scores", scores)])

    async def unload(self):
        self.model.unload()
        self.model = None
        return True

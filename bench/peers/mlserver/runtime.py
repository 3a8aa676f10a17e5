"""
MLServer with its adaptive batching and a custom runtime (its published runtimes have none for ONNX). Tensors that would be
long lists come as BYTES, base64 of their numbers, one element per row.
"""

import base64

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

from session import open_session, output_names


class OnnxModel(MLModel):
    async def load(self):
        self.session = open_session()
        self.answered = output_names(self.session)
        self.shapes = {spec.name: spec.shape[1:] for spec in self.session.get_inputs()}
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        results = self.session.run(self.answered, {tensor.name: self.array(tensor) for tensor in payload.inputs})
        outputs = [
            NumpyCodec.encode_output(name, result, use_bytes=False) for name, result in zip(self.answered, results)
        ]
        return InferenceResponse(id=payload.id, model_name=self.name, outputs=outputs)

    def array(self, tensor):
        if tensor.datatype == 'BYTES':
            rows = b''.join(base64.b64decode(row) for row in tensor.data)
            return np.frombuffer(rows, np.float32).reshape(-1, *self.shapes[tensor.name])
        return NumpyCodec.decode_input(tensor)

"""
LitServe with its batching, one worker process and its own JSON. Tensors that would be long lists come as base64 of
their bytes, which costs less than half a million numbers of JSON.
"""

import base64
import os

import litserve
import numpy as np

from session import open_session, output_names

DTYPES = {'tensor(float)': np.float32, 'tensor(int64)': np.int64}


class OnnxApi(litserve.LitAPI):
    def setup(self, device):
        self.session = open_session()
        self.outputs = output_names(self.session)
        self.inputs = {spec.name: (DTYPES[spec.type], spec.shape[1:]) for spec in self.session.get_inputs()}

    def decode_request(self, request):
        return {name: self.row(name, values) for name, values in request.items()}

    def row(self, name, values):
        dtype, shape = self.inputs[name]
        if isinstance(values, str):
            return np.frombuffer(base64.b64decode(values), dtype).reshape(shape)
        return np.array(values, dtype)

    def batch(self, rows):
        return {name: np.stack([row[name] for row in rows]) for name in self.inputs}

    def predict(self, feeds):
        return self.session.run(self.outputs, feeds)

    def unbatch(self, results):
        return list(zip(*results))

    def encode_response(self, results):
        return {name: result.tolist() for name, result in zip(self.outputs, results)}


if __name__ == '__main__':
    # A delay of 0 would poll without pause and take a processor from the inference.
    api = OnnxApi(max_batch_size=int(os.environ['MAX_ROWS']), batch_timeout=0.005)
    server = litserve.LitServer(api, accelerator='cpu', workers_per_device=1, timeout=60, fast_queue=True)
    server.run(host='127.0.0.1', port=int(os.environ['PORT']), log_level='warning', generate_client_file=False)

"""
KServe's Python model server with a custom model. It has no batching of its own: on a cluster an agent beside it would
collect requests. Runs happen in a thread, one at a time, so that the event loop goes on reading requests meanwhile.
"""

import asyncio
import logging
import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer

from session import open_session, output_names


class OnnxModel(Model):
    def __init__(self, name):
        super().__init__(name)
        self.session = open_session()
        self.outputs = output_names(self.session)
        self.runner = ThreadPoolExecutor(max_workers=1)
        self.ready = True

    async def predict(self, payload: InferRequest, headers=None, response_headers=None) -> InferResponse:
        feeds = {tensor.name: tensor.as_numpy() for tensor in payload.inputs}
        loop = asyncio.get_running_loop()
        results = await loop.run_in_executor(self.runner, self.session.run, self.outputs, feeds)
        binary = payload.use_binary_outputs
        outputs = []
        for name, result in zip(self.outputs, results):
            output = InferOutput(name=name, shape=list(result.shape), datatype='FP32')
            output.set_data_from_numpy(result, binary_data=binary)
            outputs.append(output)
        return InferResponse(
            response_id=payload.id or str(uuid.uuid4()),
            model_name=self.name,
            infer_outputs=outputs,
            use_binary_outputs=binary,
        )


class LoopbackConfig(uvicorn.Config):
    """KServe would listen on every address of the machine, and has no option for it."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **{**options, 'host': '127.0.0.1'})


if __name__ == '__main__':
    uvicorn.Config = LoopbackConfig
    server = ModelServer(http_port=int(os.environ['PORT']), workers=1, enable_grpc=False, enable_latency_logging=False)
    logging.getLogger('uvicorn.access').disabled = True
    server.start([OnnxModel('model')])

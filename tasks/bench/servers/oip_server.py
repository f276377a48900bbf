"""A plain Python server of the Open Inference Protocol with raw tensors: aiohttp, one model of images of 3x224x224 FP32.

    python oip_server.py [--port N] [--network]

It prints its port. With --network a small PyTorch network with random weights runs in one executor thread, as plain
servers do it; without, every answer is the same at once, so that what is left is the work of receiving a request.
"""

import argparse
import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

NAME = "image"
SHAPE = [3, 224, 224]
CLASSES = 4
LONGEST_BODY = 1 << 30
METADATA = {
    "name": NAME,
    "versions": ["1"],
    "platform": "python",
    "inputs": [{"name": "image", "datatype": "FP32", "shape": [-1, *SHAPE]}],
    "outputs": [{"name": "scores", "datatype": "FP32", "shape": [-1, CLASSES]}],
}
CONFIG = {
    "name": NAME,
    "platform": "python",
    "backend": "python",
    "max_batch_size": 64,
    "input": [{"name": "image", "data_type": "TYPE_FP32", "dims": SHAPE}],
    "output": [{"name": "scores", "data_type": "TYPE_FP32", "dims": [CLASSES]}],
}


def network():
    import networks
    import torch

    networks.settle()
    patches = networks.patches(CLASSES).eval()

    def run(body, start, batch):
        # The number of threads is a setting of the calling thread.
        torch.set_num_threads(1)
        with torch.inference_mode():
            images = torch.frombuffer(bytearray(memoryview(body)[start:]), dtype=torch.float32).reshape(batch, *SHAPE)
            return patches(images).flatten().tolist()

    return run


def infer(run):
    executor = ThreadPoolExecutor(1)

    async def answer(request):
        body = await request.read()
        start = int(request.headers["Inference-Header-Content-Length"])
        head = json.loads(body[:start])
        batch = head["inputs"][0]["shape"][0]
        if run is None:
            scores = [0.25] * (CLASSES * batch)
        else:
            scores = await asyncio.get_running_loop().run_in_executor(executor, run, body, start, batch)
        output = {"name": "scores", "datatype": "FP32", "shape": [batch, CLASSES], "data": scores}
        return web.json_response({"model_name": NAME, "model_version": "1", "outputs": [output]})

    return answer


def says(value):
    async def answer(_):
        return web.json_response(value)

    return answer


async def serve(run, port):
    app = web.Application(client_max_size=LONGEST_BODY)
    app.add_routes(
        [
            web.get("/v2", says({"name": "plain", "version": "1", "extensions": ["binary_tensor_data"]})),
            web.get("/v2/health/{state}", says({"ready": True, "live": True})),
            web.get(f"/v2/models/{NAME}", says(METADATA)),
            web.get(f"/v2/models/{NAME}/ready", says({"ready": True})),
            web.get(f"/v2/models/{NAME}/config", says(CONFIG)),
            web.post(f"/v2/models/{NAME}/infer", infer(run)),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--network", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(serve(network() if arguments.network else None, arguments.port))

"""A plain PyTorch server of the Open Inference Protocol with raw tensors, of nothing but Python and PyTorch: one process,
one thread that computes, ResNet-50 with random weights for images of 3x224x224 FP32, on the GPU where there is one.

    python plain_torch_server.py [--port N] [--device cuda|cpu] [--leak BYTES] [--fragment]

It prints its port. With --leak every request keeps so many bytes on the device; with --fragment blocks of 1 to 24 MiB
come and go at random with the requests. The allocator's counters stand at /metrics/server.
"""

import argparse
import json
import queue
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import networks
import torch

NAME = "image"
SHAPE = [3, 224, 224]
MIB = 1 << 20
METADATA = {
    "name": NAME,
    "versions": ["1"],
    "platform": "pytorch",
    "inputs": [{"name": "image", "datatype": "FP32", "shape": [-1, *SHAPE]}],
    "outputs": [{"name": "scores", "datatype": "FP32", "shape": [-1, networks.CLASSES]}],
}
CONFIG = {
    "name": NAME,
    "platform": "pytorch",
    "max_batch_size": 64,
    "input": [{"name": "image", "data_type": "TYPE_FP32", "dims": SHAPE}],
    "output": [{"name": "scores", "data_type": "TYPE_FP32", "dims": [networks.CLASSES]}],
}


class Model:
    """The network and the one thread that runs it."""

    def __init__(self, device, leak, fragment):
        self.device = torch.device(device)
        self.network = None
        self.leak = leak
        self.kept = []
        self.blocks = [] if fragment else None
        self.jobs = queue.SimpleQueue()
        threading.Thread(target=self.work, daemon=True).start()

    def ask(self, do):
        """Has the thread do something, and gives its result."""
        done = queue.SimpleQueue()
        self.jobs.put((do, done))
        result, error = done.get()
        if error is not None:
            raise error
        return result

    def work(self):
        networks.settle()
        while True:
            do, done = self.jobs.get()
            try:
                done.put((do(), None))
            except Exception as error:
                done.put((None, error))

    def load(self):
        if self.network is None:
            self.network = networks.resnet50().eval().to(self.device)

    def unload(self):
        self.network = None
        self.kept.clear()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def run(self, body, batch):
        with torch.inference_mode():
            images = torch.frombuffer(body, dtype=torch.float32).reshape(batch, *SHAPE).to(self.device)
            scores = self.network(images).float().cpu()
            if self.leak > 0:
                self.kept.append(torch.empty(self.leak, dtype=torch.uint8, device=self.device))
            if self.blocks is not None:
                self.fragment()
        return scores.numpy().tobytes()

    def fragment(self):
        if len(self.blocks) > 150:
            del self.blocks[random.randrange(len(self.blocks))]
        self.blocks.append(torch.empty(random.randint(1, 24) * MIB, dtype=torch.uint8, device=self.device))

    def counters(self):
        if self.device.type != "cuda":
            return {"gpu_available": False}
        stats = torch.cuda.memory_stats()
        return {
            "gpu_available": True,
            "memory_allocated_mb": stats["allocated_bytes.all.current"] / MIB,
            "memory_reserved_mb": stats["reserved_bytes.all.current"] / MIB,
            "inactive_split_mb": stats["inactive_split_bytes.all.current"] / MIB,
        }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together: apart, the second would wait for the first to be acknowledged.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    model = None

    def do_GET(self):
        ready = self.model.network is not None
        model_state = {"ready": ready}
        answers = {
            "/v2": {"name": "plain", "version": "1", "extensions": ["binary_tensor_data", "model_repository"]},
            "/v2/health/live": {"live": True},
            "/v2/health/ready": {"ready": True},
            f"/v2/models/{NAME}": METADATA if ready else None,
            f"/v2/models/{NAME}/ready": model_state if ready else None,
            f"/v2/models/{NAME}/config": CONFIG if ready else None,
            "/metrics/server": {"gpu_metrics": self.model.counters()},
        }
        answer = answers.get(self.path)
        self.say(404 if answer is None else 200, answer or {"error": f"{self.path} is not there"})

    def do_POST(self):
        body = bytearray(int(self.headers.get("Content-Length", 0)))
        view = memoryview(body)
        while len(view) > 0:
            view = view[self.rfile.readinto(view) :]
        if self.path == "/v2/repository/index":
            return self.say(200, [{"name": NAME, "state": "READY" if self.model.network is not None else "UNAVAILABLE"}])
        for verb in ("load", "unload"):
            if self.path == f"/v2/repository/models/{NAME}/{verb}":
                self.model.ask(getattr(self.model, verb))
                return self.say(200, {})
        if self.path != f"/v2/models/{NAME}/infer" or self.model.network is None:
            return self.say(404, {"error": f"{self.path} is not there"})
        start = int(self.headers["Inference-Header-Content-Length"])
        batch = json.loads(body[:start])["inputs"][0]["shape"][0]
        scores = self.model.ask(lambda: self.model.run(body[start:], batch))
        parameters = {"binary_data_size": len(scores)}
        output = {"name": "scores", "datatype": "FP32", "shape": [batch, networks.CLASSES], "parameters": parameters}
        head = json.dumps({"model_name": NAME, "model_version": "1", "outputs": [output]}).encode()
        self.say(200, head, scores)

    def say(self, status, value, raw=None):
        head = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if raw is None else "application/octet-stream")
        if raw is not None:
            self.send_header("Inference-Header-Content-Length", str(len(head)))
        self.send_header("Content-Length", str(len(head) + len(raw or b"")))
        self.end_headers()
        self.wfile.write(head + (raw or b""))

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--leak", type=int, default=0)
    parser.add_argument("--fragment", action="store_true")
    arguments = parser.parse_args()
    Handler.model = Model(arguments.device, arguments.leak, arguments.fragment)
    Handler.model.ask(Handler.model.load)
    server = Server(("127.0.0.1", arguments.port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()

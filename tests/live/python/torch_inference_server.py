"""A PyTorch server with the REST contract of torch-inference: real networks with random weights.

    python torch_inference_server.py --port 8000 [--models resnet18,bert] [--answer-unknown-by-example]

Everything is done as a plain server of this kind does it: models live in the server's process, one inference at a time
for each model, a list of inputs is one batch. With --answer-unknown-by-example a model that is not there is silently
answered by the model "example", as the original does.
"""

import argparse
import gc
import json
import os
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import torch

import networks
from journal import write_journal


class Refused(Exception):
    """A request that is answered with a status and a reason."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


class ImageModel:
    """Answers images by classes."""

    info = {"input_type": "image", "input_shape": list(networks.IMAGE_SHAPE), "datatype": "FP32"}

    def __init__(self, build):
        self.build = build

    def read(self, inputs):
        """The items as a tensor, and whether they came as a list."""
        try:
            tensor = torch.tensor(inputs, dtype=torch.float32)
        except (TypeError, ValueError) as error:
            raise Refused(400, f"inputs must be nested lists of numbers: {error}") from error
        as_list = tensor.dim() == 4
        batch = tensor if as_list else tensor[None]
        if tuple(batch.shape[1:]) != networks.IMAGE_SHAPE:
            raise Refused(400, f"inputs must be {list(networks.IMAGE_SHAPE)} or a list of them: got {list(tensor.shape)}")
        return batch, as_list

    def write(self, scores):
        """One prediction for each row."""
        best = scores.softmax(1).max(1)
        return [{"class": int(c), "probability": float(p)} for p, c in zip(best.values, best.indices)]


class TextModel:
    """Answers texts by labels."""

    info = {"input_type": "text", "input_shape": [-1], "datatype": "BYTES", "max_tokens": networks.Encoder.LONGEST}

    def __init__(self, build):
        self.build = build

    def read(self, inputs):
        """The items as a tensor, and whether they came as a list."""
        texts = inputs if isinstance(inputs, list) else [inputs]
        if not texts or not all(isinstance(text, str) for text in texts):
            raise Refused(400, "inputs must be a text or a list of texts")
        return networks.tokens_of(texts), isinstance(inputs, list)

    def write(self, scores):
        """One prediction for each row."""
        best = scores.softmax(1).max(1)
        return [{"label": f"LABEL_{int(c)}", "score": float(p)} for p, c in zip(best.values, best.indices)]


class ExampleModel:
    """The original's stand-in: takes anything and knows nothing."""

    info = {"input_type": "any"}

    @staticmethod
    def build():
        return torch.nn.Linear(10, 1)

    def read(self, inputs):
        """Ten zeros for each item, and whether they came as a list."""
        many = isinstance(inputs, list) and len(inputs) > 1
        return torch.zeros(len(inputs) if many else 1, 10), many

    def write(self, scores):
        """One prediction for each row."""
        return [float(score) for score in scores[:, 0]]


CATALOG = {
    "example": ExampleModel(),
    "resnet18": ImageModel(networks.resnet18),
    "bert": TextModel(networks.Encoder),
}


class Counters:
    """What one model did since the server started, in seconds."""

    def __init__(self):
        self.requests = self.failed = self.predictions = self.executions = 0
        self.queue_time = self.compute_time = 0.0


class Service:
    """The models: weights on disk, loaded and unloaded on demand."""

    def __init__(self, folder):
        self.folder = folder
        self.loaded = {}
        self.fresh = set()
        self.locks = {name: threading.Lock() for name in CATALOG}
        self.counters = {name: Counters() for name in CATALOG}
        for name, model in CATALOG.items():
            torch.save(model.build().state_dict(), self.weights(name))

    def weights(self, name):
        """Path of a model's weights."""
        return Path(self.folder) / f"{name}.pt"

    def load(self, name):
        """Builds the network and reads its weights."""
        if name not in CATALOG:
            raise Refused(404, f"Model {name} is not known")
        started_at = time.monotonic()
        with self.locks[name]:
            if name in self.loaded:
                return
            network = CATALOG[name].build()
            network.load_state_dict(torch.load(self.weights(name), weights_only=True))
            self.fresh.add(name)
            self.loaded[name] = network.eval()
        write_journal("load", name, started_at)

    def unload(self, name):
        """Lets go of the network; `False` if it was not loaded."""
        started_at = time.monotonic()
        if name not in CATALOG:
            return False
        with self.locks[name]:
            if self.loaded.pop(name, None) is None:
                return False
            gc.collect()
        write_journal("unload", name, started_at)
        return True

    def predict(self, name, inputs):
        """The predictions for some inputs, and how long they waited and took, in seconds."""
        model, counters = CATALOG[name], self.counters[name]
        batch, as_list = model.read(inputs)
        arrived_at = time.monotonic()
        with self.locks[name]:
            started_at = time.monotonic()
            network = self.loaded.get(name)
            if network is None:
                raise Refused(503, f"Model {name} is not loaded")
            with torch.inference_mode():
                rows = model.write(network(batch))
            ended_at = time.monotonic()
            if name in self.fresh:
                self.fresh.remove(name)
                write_journal("first_inference", name, started_at)
            counters.requests += 1
            counters.executions += 1
            counters.predictions += len(batch)
            counters.queue_time += started_at - arrived_at
            counters.compute_time += ended_at - started_at
        return (rows if as_list else rows[0]), len(batch), started_at - arrived_at, ended_at - started_at


class Server(ThreadingHTTPServer):
    """One thread for each connection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port, service, answer_unknown_by_example):
        super().__init__(("127.0.0.1", port), Handler)
        self.service = service
        self.answer_unknown_by_example = answer_unknown_by_example


class Handler(BaseHTTPRequestHandler):
    """The contract's paths."""

    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: otherwise the kernel holds the body back for 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer({
            "/health": self.health,
            "/models": self.models,
            "/models/available": lambda: {"available_models": {}},
            "/stats": self.stats,
            "/metrics/server": self.metrics,
        }.get(urlsplit(self.path).path))

    def do_POST(self):
        parts = urlsplit(self.path).path.split("/")
        if parts == ["", "autoscaler", "load"]:
            return self.answer(self.load)
        if len(parts) == 3 and parts[2] == "predict":
            return self.answer(lambda: self.predict(parts[1]))
        return self.answer(None)

    def do_DELETE(self):
        self.answer(self.unload if urlsplit(self.path).path == "/autoscaler/unload" else None)

    def answer(self, handle):
        """Reads the body whatever becomes of the request, so that the connection stays usable."""
        self.body = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            if handle is None:
                raise Refused(404, "Not Found")
            status, value = 200, handle()
        except Refused as refused:
            status, value = refused.status, {"detail": str(refused)}
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *args):
        """A line for each request would slow the server down."""

    def health(self):
        return {"healthy": True, "checks": {"engine": True}, "timestamp": time.time()}

    def models(self):
        loaded = list(self.server.service.loaded)
        info = {name: {**CATALOG[name].info, "device": "cpu", "loaded": name in loaded} for name in CATALOG}
        return {"models": loaded, "model_info": info, "total_models": len(loaded)}

    def stats(self):
        return {"models": {name: vars(counters) for name, counters in self.server.service.counters.items()}}

    def metrics(self):
        return {"timestamp": time.time(), "gpu_metrics": {"gpu_available": torch.cuda.is_available()}}

    def model_name(self):
        names = parse_qs(urlsplit(self.path).query).get("model_name")
        if not names:
            raise Refused(422, "model_name is required")
        return names[0]

    def load(self):
        name = self.model_name()
        self.server.service.load(name)
        return {"success": True, "message": f"Loaded {name}", "model_name": name}

    def unload(self):
        name = self.model_name()
        success = self.server.service.unload(name)
        message = f"Unloaded {name}" if success else f"Model {name} was not loaded"
        return {"success": success, "message": message, "model_name": name}

    def predict(self, name):
        started_at = time.monotonic()
        service = self.server.service
        if name not in service.loaded:
            if not self.server.answer_unknown_by_example:
                raise Refused(404, f"Model {name} is not loaded")
            name = "example"
        try:
            inputs = json.loads(self.body)["inputs"]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(400, f"the body must be JSON with inputs: {error}") from error
        result, count, queue_time, compute_time = service.predict(name, inputs)
        return {
            "success": True,
            "result": result,
            "error": None,
            "processing_time": time.monotonic() - started_at,
            "model_info": {
                "model": name,
                "device": "cpu",
                "input_type": CATALOG[name].info["input_type"],
                "input_count": count,
            },
            "batch_info": {"batch_size": count, "queue_time": queue_time, "compute_time": compute_time},
        }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--models", default="resnet18,bert")
    parser.add_argument("--answer-unknown-by-example", action="store_true")
    options = parser.parse_args()
    networks.settle()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        service = Service(folder)
        for name in ["example", *filter(None, options.models.split(","))]:
            service.load(name)
        Server(options.port, service, options.answer_unknown_by_example).serve_forever()


main()

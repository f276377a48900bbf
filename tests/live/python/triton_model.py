"""The models of the live Triton server, for its Python backend: networks with random weights."""

import time

import numpy
import torch
import triton_python_backend_utils as triton

import networks
from journal import write_journal


class Sums:
    """No network: the sum of the rows of `values` whose flag is set."""

    inputs = ["values", "flags"]
    outputs = ["sum"]

    def __call__(self, values, flags):
        return [(values[flags].sum().reshape(1)).astype(numpy.float64)]


class Images:
    """ResNet-18."""

    inputs = ["image"]
    outputs = ["scores"]

    def __init__(self):
        self.network = networks.resnet18().eval()

    def __call__(self, images):
        return [self.network(torch.from_numpy(images)).numpy()]


class LargeImages(Images):
    """Little work for much to send: what a client and a server spend on transfer shows."""

    def __init__(self):
        self.network = networks.patches(4).eval()


class Texts:
    """A small encoder over words."""

    inputs = ["text"]
    outputs = ["label", "score"]

    def __init__(self):
        self.network = networks.Encoder().eval()

    def __call__(self, texts):
        best = self.network(networks.tokens_of([text.decode() for text in texts[:, 0]])).softmax(1).max(1)
        labels = numpy.array([[f"LABEL_{int(label)}".encode()] for label in best.indices], dtype=object)
        return [labels, best.values[:, None].numpy()]


class TritonPythonModel:
    """What Triton calls."""

    def initialize(self, args):
        started_at = time.monotonic()
        networks.settle()
        self.name = args["model_name"]
        self.model = {"resnet18": Images, "image": LargeImages, "bert": Texts, "sums": Sums}[self.name]()
        self.is_batched = self.name != "sums"
        self.is_fresh = True
        write_journal("load", self.name, started_at)

    def execute(self, requests):
        started_at = time.monotonic()
        rows = [[self.read(request, name) for name in self.model.inputs] for request in requests]
        with torch.inference_mode():
            responses = self.run_together(rows) if self.is_batched else [self.response(self.model(*row)) for row in rows]
        if self.is_fresh:
            self.is_fresh = False
            write_journal("first_inference", self.name, started_at)
        return responses

    def run_together(self, rows):
        """One run for all requests that Triton gathered."""
        outputs = self.model(*(numpy.concatenate(column) for column in zip(*rows)))
        ends = numpy.cumsum([len(row[0]) for row in rows])
        return [
            self.response([output[end - len(row[0]) : end] for output in outputs]) for row, end in zip(rows, ends)
        ]

    def read(self, request, name):
        return triton.get_input_tensor_by_name(request, name).as_numpy()

    def response(self, outputs):
        return triton.InferenceResponse(
            [triton.Tensor(name, output) for name, output in zip(self.model.outputs, outputs)]
        )

    def finalize(self):
        write_journal("unload", self.name, time.monotonic())

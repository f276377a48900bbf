"""A TorchServe handler: images as nested lists to classes, a network with random weights."""

import time

import torch
from ts.torch_handler.base_handler import BaseHandler

import networks
from journal import write_journal


class ImageHandler(BaseHandler):
    """Takes `[3][H][W]`, or `{"data": [3][H][W]}`, one image a request; TorchServe makes the batches."""

    def initialize(self, context):
        started_at = time.monotonic()
        self.context = context
        self.device = torch.device("cpu")
        networks.settle()
        self.model = networks.resnet18().eval()
        self.name = context.manifest["model"]["modelName"]
        self.is_fresh = True
        self.initialized = True
        write_journal("load", self.name, started_at)

    def preprocess(self, data):
        bodies = [row.get("body", row.get("data")) for row in data]
        images = [body["data"] if isinstance(body, dict) else body for body in bodies]
        return torch.stack([torch.tensor(image, dtype=torch.float32) for image in images])

    def inference(self, batch):
        started_at = time.monotonic()
        with torch.inference_mode():
            scores = self.model(batch)
        if self.is_fresh:
            self.is_fresh = False
            write_journal("first_inference", self.name, started_at)
        return scores

    def postprocess(self, scores):
        best = scores.softmax(1).max(1)
        return [
            {"class": int(c), "probability": float(p), "batch_size": len(scores)}
            for p, c in zip(best.values, best.indices)
        ]

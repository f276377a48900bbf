"""A small network with random weights, of numpy alone, that servers of any kind can hold."""

import threading
import time

import numpy

from journal import write_journal

NAME = "small"
FEATURES = 64
WIDTH = 2048
CLASSES = 10
# So long it takes at least, whatever else the machine does: rates of two clients can then be compared.
LEAST_S = 0.01


class SmallModel:
    """Rows of FEATURES numbers to rows of CLASSES, one call at a time: 4.3 million parameters."""

    def __init__(self):
        started_at = time.monotonic()
        random = numpy.random.default_rng(1)
        shapes = [(FEATURES, WIDTH), (WIDTH, WIDTH), (WIDTH, CLASSES)]
        self.layers = [random.standard_normal(shape, dtype=numpy.float32) / 50 for shape in shapes]
        self.is_fresh = True
        self.lock = threading.Lock()
        write_journal("load", NAME, started_at)

    def __call__(self, rows):
        with self.lock:
            started_at = time.monotonic()
            values = numpy.asarray(rows, dtype=numpy.float32)
            if values.ndim != 2 or values.shape[1] != FEATURES:
                raise ValueError(f"the shape must be [N, {FEATURES}]: found {list(values.shape)}")
            for layer in self.layers:
                values = numpy.maximum(values @ layer, 0)
            time.sleep(max(0, started_at + LEAST_S - time.monotonic()))
            if self.is_fresh:
                self.is_fresh = False
                write_journal("first_inference", NAME, started_at)
            write_journal("execution", NAME, started_at)
            return values

    def unload(self):
        """Lets go of the weights."""
        started_at = time.monotonic()
        self.layers = []
        write_journal("unload", NAME, started_at)

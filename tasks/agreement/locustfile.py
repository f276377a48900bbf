"""Sends recorded bodies in turn, as many users as requests are outstanding, and writes every latency to a file."""

import itertools
import json
import os
import time

from locust import FastHttpUser, constant, events, task

FOLDER = os.environ["TORCHGAUGE_BODIES"]
BODIES = itertools.cycle(
    [open(f"{FOLDER}/body_{i + 1}", "rb").read() for i in range(int(os.environ["TORCHGAUGE_COUNT"]))]
)
HEADERS = {
    "content-type": "application/octet-stream",
    "inference-header-content-length": os.environ["TORCHGAUGE_JSON_BYTES"],
}
answers = []
failures = []


class Client(FastHttpUser):
    wait_time = constant(0)

    @task
    def infer(self):
        self.client.post(os.environ["TORCHGAUGE_PATH"], data=next(BODIES), headers=HEADERS)


@events.request.add_listener
def on_request(response_time, exception, **_):
    if exception is None:
        answers.append((time.perf_counter() * 1000, response_time))
    else:
        failures.append(str(exception))


@events.quitting.add_listener
def on_quitting(**_):
    with open(f"{FOLDER}/answers.json", "w") as file:
        json.dump({"answers": answers, "failures": failures}, file)

"""The small model in LitServe, which runs it in a worker process: `litserve_server.py --port=N`"""

import argparse

import litserve

import small_model


class LiveApi(litserve.LitAPI):
    """`{"inputs": [[...]]}` to `{"scores": [[...]]}`."""

    def setup(self, device):
        self.model = small_model.SmallModel()

    def decode_request(self, request):
        return request["inputs"]

    def predict(self, rows):
        return self.model(rows)

    def encode_response(self, scores):
        return {"scores": scores.tolist()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    server = litserve.LitServer(LiveApi(), accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=port, generate_client_file=False, log_level="warning")

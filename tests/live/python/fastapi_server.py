"""The small model in a server that somebody wrote with FastAPI: `fastapi_server.py --port=N`

It takes JSON that pydantic checks, and forms with a file an item, which hold FP32, little-endian.
"""

import argparse

import numpy
import uvicorn
from fastapi import FastAPI, File, Form, UploadFile
from pydantic import BaseModel

import small_model

app = FastAPI()
model = small_model.SmallModel()


class Rows(BaseModel):
    inputs: list[list[float]]


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/predict")
def predict(rows: Rows):
    return {"scores": model(rows.inputs).tolist()}


@app.post("/predict/form")
def predict_form(files: list[UploadFile] = File(), top: int = Form()):
    return {"scores": model(rows_of(b"".join(file.file.read() for file in files)))[:, :top].tolist()}


def rows_of(content):
    return numpy.frombuffer(content, dtype="<f4").reshape(-1, small_model.FEATURES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="warning")

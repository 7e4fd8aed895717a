"""The usual way to serve a classifier, for comparison: ONNX Runtime in int8, and an API with FastAPI.

    peers.py checkpoint FOLDER
        writes a DistilBERT with random weights and a vocabulary of invented words
    peers.py export CHECKPOINT MODEL.onnx
        exports a BERT or DistilBERT classifier to ONNX, dynamically quantized to int8
    peers.py latency MODEL.onnx THREADS RUNS LENGTH…
        prints one line of JSON: the median and the minimum in milliseconds for each length
    CHECKPOINT=… ONNX=… uvicorn peers:app
        serves the API; PAD=128 pads every text to 128 tokens, which is common practice
"""
import json
import os
import statistics
import sys
import time

import numpy as np

from onnx_export import export
from random_checkpoint import checkpoint


def session(path, threads=None):
    """Opens a model; without `threads`, ONNX Runtime chooses how many threads it uses."""
    import onnxruntime
    options = onnxruntime.SessionOptions()
    if threads:
        options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def latency(path, threads, runs, lengths):
    """Prints the latency of random texts of each length; the first 5 runs are not counted."""
    model, random, result = session(path, threads), np.random.default_rng(1), {}
    for length in lengths:
        feed = {"input_ids": random.integers(200, 20000, (1, length)), "attention_mask": np.ones((1, length), np.int64)}
        times = []
        for _ in range(runs + 5):
            start = time.perf_counter()
            model.run(None, feed)
            times.append((time.perf_counter() - start) * 1e3)
        result[str(length)] = {"p50": statistics.median(times[5:]), "min": min(times[5:])}
    print(json.dumps({"ms": result}))


def api():
    """Returns the FastAPI application that serves the model."""
    from fastapi import FastAPI
    from pydantic import BaseModel
    from transformers import AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(os.environ["CHECKPOINT"]), session(os.environ["ONNX"])
    padding = "max_length" if os.environ.get("PAD") == "128" else False
    application = FastAPI()

    class Text(BaseModel):
        text: str

    @application.post("/predict")
    def predict(item: Text):
        encoding = tokenizer(item.text, return_tensors="np", padding=padding, truncation=True, max_length=128)
        logits = model.run(None, {k: encoding[k] for k in ("input_ids", "attention_mask")})[0][0]
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        return {"label": ["negative", "positive"][int(scores.argmax())], "score": float(scores.max())}

    return application


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "latency":
        latency(arguments[0], int(arguments[1]), int(arguments[2]), [int(n) for n in arguments[3:]])
    else:
        {"checkpoint": checkpoint, "export": export}[command](*arguments)
elif "CHECKPOINT" in os.environ:
    app = api()

"""Measures Pinson and its peers side by side on one machine; `make bench` runs this script.

    bench.py [--checkpoint FOLDER] [--tweets FILE.csv] [--rounds 3] [--short] [--least 1.0]

Without a checkpoint, the script creates a DistilBERT with random weights. It writes bench.json, bench.md and bench.svg
into dist/bench. The programs take turns, so a change in the speed of the machine affects all of them. The ratio of two
times is similar on other machines; the times themselves are not.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

from random_checkpoint import words
from report import chart, table
from serving import cold_starts, servers, throughput, wrk_script

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
OUT = ROOT / "dist/bench"
LENGTHS = ["8", "16", "32", "64", "128"]


def run(*command, **extra):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **extra).stdout


def latencies(models, onnx, rounds, threads):
    """Returns the latency for each program and length: the median over the rounds of the median in a round.

    `models` are the model files of pinson by the name that the results give them.
    """
    peer = [sys.executable, HERE / "peers.py", "latency", onnx, threads, 60, *LENGTHS]
    options = ["--threads", threads, "--lengths", ",".join(LENGTHS), "--json"]
    sides = {name: [ROOT / "dist/pinson", "bench", model, *options] for name, model in models.items()}
    sides["onnxruntime"] = peer
    found = {side: {n: [] for n in LENGTHS} for side in sides}
    for _ in range(rounds):
        for side, command in sides.items():
            for n, times in json.loads(run(*command))["ms"].items():
                found[side][n].append(times["p50"])
    return {side: {n: statistics.median(times) for n, times in lengths.items()} for side, lengths in found.items()}


def batch(model, tweets, rounds):
    """Returns the number of tweets a second that `pinson classify` reads, classifies and writes."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run(ROOT / "dist/pinson", "classify", model, "--input", tweets, "--format", "jsonl")
        times.append(time.perf_counter() - start)
    with open(tweets, newline="") as file:
        return (sum(1 for _ in csv.reader(file)) - 1) / statistics.median(times)


def texts_for_load(tweets):
    """Returns 2,000 texts: the first of a CSV file with a column `text`, or invented ones of 3 to 24 words."""
    if tweets:
        with open(tweets, newline="", errors="replace") as file:
            return [row["text"] for row in csv.DictReader(file)][:2000]
    invented = words(2000)
    return [" ".join(invented[(i * 7 + j) % 2000] for j in range(3 + i * 11 % 22)) for i in range(2000)]


def main():
    parser = argparse.ArgumentParser(description="Measures Pinson and its peers side by side on one machine.")
    parser.add_argument("--checkpoint", type=pathlib.Path, help="a BERT or DistilBERT classifier to measure")
    parser.add_argument("--tweets", type=pathlib.Path, help="a CSV file with a column 'text', for the load over HTTP")
    parser.add_argument("--rounds", type=int, default=3, help="how often every measurement is repeated")
    parser.add_argument("--short", action="store_true",
                        help="measure only the latency of the model on one thread, and fail if pinson is too slow")
    parser.add_argument("--least", type=float, default=1.0,
                        help="with --short: the smallest accepted ratio to ONNX Runtime at every length")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    checkpoint = options.checkpoint or OUT / "checkpoint"
    if not options.checkpoint and not (checkpoint / "model.safetensors").exists():
        run(sys.executable, HERE / "peers.py", "checkpoint", checkpoint)
    onnx, model = OUT / f"{checkpoint.name}.onnx", OUT / f"{checkpoint.name}.gguf"
    if not onnx.exists():
        run(sys.executable, HERE / "peers.py", "export", checkpoint, onnx)
    run(ROOT / "dist/pinson", "pack", checkpoint, "-o", model, "--max-tokens", 128)
    models = {"pinson": model}
    if not options.short:
        models["pinson, 4 bits"] = OUT / f"{checkpoint.name}.4.gguf"
        run(ROOT / "dist/pinson", "pack", checkpoint, "-o", models["pinson, 4 bits"], "--max-tokens", 128, "--bits", 4)
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    result = dict(machine=f"{os.cpu_count()} cores of {cpu[1] if cpu else 'an unknown CPU'}", rounds=options.rounds)
    result["latency"] = {threads: latencies(models, onnx, options.rounds, threads)
                         for threads in (["1"] if options.short else ["1", "2"])}
    if not options.short:
        sides = servers(ROOT / "dist/function", model, checkpoint, onnx)
        result["cold"] = cold_starts(sides, options.rounds)
        texts = texts_for_load(options.tweets)
        if shutil.which("wrk"):
            result["http"] = throughput(sides, wrk_script(texts, OUT), max(1, options.rounds // 2))
        tweets = OUT / "tweets.csv"
        with open(tweets, "w", newline="") as file:
            csv.writer(file).writerows([["text"], *([t] for t in texts)])
        result["batch"] = batch(model, tweets, options.rounds)
    (OUT / "bench.json").write_text(json.dumps(result, indent=1))
    (OUT / "bench.md").write_text(table(result, LENGTHS))
    (OUT / "bench.svg").write_text(chart(result, LENGTHS))
    print(table(result, LENGTHS))
    if options.short:
        sides = result["latency"]["1"]
        ratios = {n: sides["onnxruntime"][n] / sides["pinson"][n] for n in LENGTHS}
        slow = [f"{ratio:.2f}× at {n} tokens" for n, ratio in ratios.items() if ratio < options.least]
        if slow:
            sys.exit(f"pinson is slower than {options.least}× the speed of ONNX Runtime: {', '.join(slow)}.")


if __name__ == "__main__":
    main()

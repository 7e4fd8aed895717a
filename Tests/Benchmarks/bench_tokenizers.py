#!/usr/bin/env python3
"""Compares the speed of tokenizers on one core with that of Hugging Face tokenizers, and checks that the ids are the same.

usage: bench_tokenizers.py --pinson dist/pinson --model MODEL.gguf --tokenizer tokenizer.json --texts TEXTS.jsonl [--rounds 21]
needs: pip install tokenizers

The times are CPU times for all texts. For Pinson, they are those of `pinson tokenize`, less those of a run without texts, and
include reading the texts and writing the ids. For Hugging Face, they are those of `encode_batch_fast`, without any reading.
"""
import argparse, json, os, resource, statistics, subprocess, tempfile, time
os.environ.update(TOKENIZERS_PARALLELISM="false", RAYON_NUM_THREADS="1")
from tokenizers import Tokenizer

parser = argparse.ArgumentParser()
for name in ("pinson", "model", "tokenizer", "texts"): parser.add_argument(f"--{name}", required=True)
parser.add_argument("--rounds", type=int, default=21)
options = parser.parse_args()
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

with open(options.texts, encoding="utf-8") as file: texts = [json.loads(line)["text"] for line in file]

def pinson(path):
    """The CPU time in milliseconds, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([options.pinson, "tokenize", options.model, "--parity", "--input", path], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), result.stdout

with tempfile.TemporaryDirectory() as folder:
    paths = []
    for count in (1, len(texts)):
        paths.append(f"{folder}/{count}.jsonl")
        with open(paths[-1], "w", encoding="utf-8") as file:
            for text in texts[:count]: file.write(json.dumps({"text": text}) + "\n")
    empty = statistics.median(pinson(paths[0])[0] for _ in range(options.rounds))
    ours = statistics.median(pinson(paths[1])[0] for _ in range(options.rounds)) - empty
    ids = [json.loads(line) for line in pinson(paths[1])[1].splitlines()]

tokenizer = Tokenizer.from_file(options.tokenizer)
tokenizer.no_truncation()
tokenizer.no_padding()
times = []
for _ in range(options.rounds):
    start = time.thread_time()
    encodings = tokenizer.encode_batch_fast(texts)
    times.append(1e3 * (time.thread_time() - start))
theirs = statistics.median(times)
different = sum(a != b.ids for a, b in zip(ids, encodings)) + abs(len(ids) - len(encodings))
print(json.dumps({"texts": len(texts), "tokens": sum(map(len, ids)), "different": different, "pinson_ms": round(ours, 1),
                  "tokenizers_ms": round(theirs, 1), "ratio": round(theirs / ours, 2)}))

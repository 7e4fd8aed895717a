"""Makes docs/benchmark.svg with the drawing function of the benchmark.

    make_benchmark_picture.py [BENCH.json] OUTPUT.svg

BENCH.json is a result of `make bench`, which writes dist/bench/bench.json. Without it, the script draws the figures
that docs/benchmarks.md publishes for the AMD EPYC. The script needs only Python's standard library.
"""
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests/Benchmarks"))
from report import chart  # noqa: E402 (the line above adds the folder of this module)

# How many times as fast as ONNX Runtime a DistilBERT is on one core, by the number of tokens.
RATIOS = {"8": 2.1, "16": 1.8, "32": 1.55, "64": 1.4, "128": 1.4}

# The drawing function divides the latency of ONNX Runtime by the latency of Pinson. The published figures are ratios,
# so the latency of Pinson is 1 here. Cold starts are in ms and MB.
PUBLISHED = {
    "latency": {"1": {"onnxruntime": RATIOS, "pinson": dict.fromkeys(RATIOS, 1)}},
    "cold": {"FastAPI": {"ms": 2346, "MB": 721}, "pinson": {"ms": 8, "MB": 57}},
}


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.split("\n\n")[1].strip())
    result = json.loads(pathlib.Path(sys.argv[1]).read_text()) if len(sys.argv) == 3 else PUBLISHED
    pathlib.Path(sys.argv[-1]).write_text(chart(result, list(RATIOS)))


if __name__ == "__main__":
    main()

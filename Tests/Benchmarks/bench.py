"""Measures Pinson and its peers side by side, in turns, on one machine: what `make bench` runs.

    bench.py [--checkpoint FOLDER] [--tweets FILE.csv] [--rounds 3] [--short]

Without a checkpoint it makes a DistilBERT of random weights. Writes dist/bench/bench.json, bench.md and bench.svg. Ratios
travel from machine to machine, milliseconds do not. --short measures the model alone, and fails when it is slower than a
ratio says; a time would depend on the machine.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
OUT = ROOT / "dist/bench"
LENGTHS = ["8", "16", "32", "64", "128"]
PORT = 18321


def run(*command, **extra):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **extra).stdout


def latencies(models, onnx, rounds, threads):
    """Median over the rounds of each side's median, for each length; `models` are those of pinson, by the side's name."""
    peer = [sys.executable, HERE / "peers.py", "latency", onnx, threads, 60, *LENGTHS]
    options = ["--threads", threads, "--lengths", ",".join(LENGTHS), "--json"]
    sides = {name: [ROOT / "dist/pinson", "bench", model, *options] for name, model in models.items()} | {"onnxruntime": peer}
    found = {side: {n: [] for n in LENGTHS} for side in sides}
    for _ in range(rounds):
        for side, command in sides.items():
            for n, times in json.loads(run(*command))["ms"].items():
                found[side][n].append(times["p50"])
    return {side: {n: statistics.median(times) for n, times in lengths.items()} for side, lengths in found.items()}


class Server:
    """A process that listens on a port of this machine, until it is left."""

    def __init__(self, command, environment):
        self.start = time.perf_counter()
        self.process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE,
                                        env={**os.environ, "PORT": str(PORT), **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def answer(self):
        """Milliseconds from exec to the first answer, and MB at the peak."""
        body = b'{"text":"so good"}'
        head = f"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", PORT), timeout=60)
                break
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"{self.process.args} ended with {self.process.returncode}")
                time.sleep(0.0002)
        with connection:
            connection.sendall(head.encode() + body)
            received = connection.recv(65536)
        assert received.startswith(b"HTTP/1.1 200"), received
        return (time.perf_counter() - self.start) * 1e3, self.memory()

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6


def servers(model, checkpoint, onnx):
    uvicorn = [sys.executable, "-m", "uvicorn", "peers:app", "--port", PORT, "--log-level", "error"]
    peer = {"CHECKPOINT": str(checkpoint), "ONNX": str(onnx)}
    return {
        "pinson": ([ROOT / "dist/function"], {"MODEL_PATH": str(model), "LOG_LEVEL": "error"}),
        "FastAPI": (uvicorn, peer),
        "FastAPI, padded": (uvicorn, {**peer, "PAD": "128"}),
    }


def cold_starts(sides, rounds):
    found = {name: [] for name in sides}
    for index in range(rounds * 5):
        for name, side in sides.items():
            if name == "pinson" or index < rounds:
                with Server(*side) as server:
                    found[name].append(server.answer())
    return {name: {"ms": statistics.median(t for t, _ in values), "MB": statistics.median(m for _, m in values)}
            for name, values in found.items()}


def throughput(sides, script, rounds, seconds=4):
    """Requests a second and percentiles by wrk, for each number of clients."""
    found = {}
    for clients in (1, 4, 16, 64):
        for _ in range(rounds):
            for name, side in sides.items():
                with Server(*side) as server:
                    server.answer()
                    load = ["wrk", "-t1", f"-c{clients}", "-s", script, "--latency", f"http://127.0.0.1:{PORT}"]
                    run(*load[:-1], "-d1s", load[-1])
                    before = server.memory()
                    text = run(*load[:-1], f"-d{seconds}s", load[-1])
                    milliseconds = {p: float(v) * {"us": 1e-3, "ms": 1, "s": 1e3}[u]
                                    for p, v, u in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", text)}
                    found.setdefault((name, clients), []).append(dict(
                        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), p50=milliseconds["50"], p99=milliseconds["99"],
                        errors=sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
                        + sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", text))),
                        growth=server.memory() - before))
    return {name: {clients: {key: statistics.median(r[key] for r in results) for key in results[0]}
                   for (n, clients), results in found.items() if n == name} for name in sides}


def batch(model, tweets, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run(ROOT / "dist/pinson", "classify", model, "--input", tweets, "--format", "jsonl")
        times.append(time.perf_counter() - start)
    with open(tweets, newline="") as file:
        return (sum(1 for _ in csv.reader(file)) - 1) / statistics.median(times)


def table(result):
    lines = ["# Pinson and its peers", "", f"One run on {result['machine']}, medians of {result['rounds']} rounds in turns; "
             "from the same checkpoint, int8 where nothing else is said.", "", "| latency, ms | " + " | ".join(LENGTHS) + " tokens |",
             "|---" * (len(LENGTHS) + 1) + "|"]
    for threads, sides in result["latency"].items():
        for side, times in sides.items():
            lines.append(f"| {side}, {threads} thread{'s' * (threads != '1')} | " + " | ".join(f"{times[n]:.2f}" for n in LENGTHS) + " |")
        for side in sides:
            if side != "onnxruntime":
                ratios = (f"**{sides['onnxruntime'][n] / sides[side][n]:.2f}×**" for n in LENGTHS)
                lines.append(f"| **onnxruntime / {side}** | " + " | ".join(ratios) + " |")
    if "cold" in result:
        lines += ["", "| | cold start, ms | peak memory, MB |", "|---|---|---|"]
        lines += [f"| {name} | {v['ms']:.1f} | {v['MB']:.1f} |" for name, v in result["cold"].items()]
    if "http" in result:
        clients = list(next(iter(result["http"].values())))
        lines += ["", "| requests a second (p50 / p99 ms) | " + " | ".join(f"{c} clients" for c in clients) + " |", "|---" * (len(clients) + 1) + "|"]
        for name, by in result["http"].items():
            lines.append(f"| {name} | " + " | ".join(f"{v['rate']:.0f} ({v['p50']:.1f} / {v['p99']:.1f})" for v in by.values()) + " |")
        errors = {name: sum(v["errors"] for v in by.values()) for name, by in result["http"].items()}
        growth = max(v["growth"] for v in result["http"]["pinson"].values())
        lines += ["", f"Errors: {errors}. Memory of pinson grew by {growth:.1f} MB at most while under load."]
    if "batch" in result:
        lines += ["", f"A batch of tweets: {result['batch']:.0f} a second."]
    return "\n".join(lines) + "\n"


def picture(result):
    """Bars of how many times faster, for each length and number of threads."""
    bars = [(f"{n} tokens, {t} thread{'s' * (t != '1')}", sides["onnxruntime"][n] / sides["pinson"][n])
            for t, sides in result["latency"].items() for n in LENGTHS]
    if "cold" in result:
        bars.append(("cold start", result["cold"]["FastAPI"]["ms"] / result["cold"]["pinson"]["ms"]))
        bars.append(("memory", result["cold"]["FastAPI"]["MB"] / result["cold"]["pinson"]["MB"]))
    if "http" in result:
        bars += [(f"HTTP, {c} clients", v["rate"] / result["http"]["FastAPI"][c]["rate"]) for c, v in result["http"]["pinson"].items()]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{40 + 24 * len(bars)}" font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="10" y="22" font-weight="bold">Times faster or smaller than ONNX Runtime and FastAPI (axis ends at 8)</text>']
    for index, (name, ratio) in enumerate(bars):
        y, width = 36 + 24 * index, min(ratio, 8) * 50
        parts.append(f'<text x="170" y="{y + 13}" text-anchor="end">{name}</text><rect x="180" y="{y}" width="{width:.0f}" height="17" fill="#2a7ab0"/>'
                     f'<text x="{186 + width:.0f}" y="{y + 13}">{ratio:.2f}×</text>')
    return "".join(parts) + f'<line x1="230" y1="30" x2="230" y2="{36 + 24 * len(bars)}" stroke="#c33"/></svg>\n'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", type=pathlib.Path)
    parser.add_argument("--tweets", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--least", type=float, default=1.0, help="the ratio that --short wants at every length, on one thread")
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
    result = dict(machine=f"{os.cpu_count()} cores of {cpu[1] if cpu else 'a machine'}", rounds=options.rounds, latency={})
    for threads in ["1"] if options.short else ["1", "2"]:
        result["latency"][threads] = latencies(models, onnx, options.rounds, threads)
    if not options.short:
        sides = servers(model, checkpoint, onnx)
        result["cold"] = cold_starts(sides, options.rounds)
        sys.path.insert(0, str(HERE))
        from peers import words
        texts, made = [], words(2000)
        if options.tweets:
            with open(options.tweets, newline="", errors="replace") as file:
                texts = [row["text"] for row in csv.DictReader(file)][:2000]
        else:
            texts = [" ".join(made[(i * 7 + j) % 2000] for j in range(3 + i * 11 % 22)) for i in range(2000)]
        if shutil.which("wrk"):
            bodies = "\n".join(json.dumps({"text": t}) for t in texts)
            (OUT / "bodies.txt").write_text(bodies + "\n")
            (OUT / "load.lua").write_text(
                f'local t = {{}}\nfor l in io.lines("{OUT}/bodies.txt") do t[#t+1] = l end\nlocal i = 0\nrequest = function()\n'
                ' i = i % #t + 1\n return wrk.format("POST", "/predict", {["Content-Type"]="application/json"}, t[i])\nend\n')
            result["http"] = throughput(sides, OUT / "load.lua", max(1, options.rounds // 2))
        tweets = OUT / "tweets.csv"
        with open(tweets, "w", newline="") as file:
            csv.writer(file).writerows([["text"], *([t] for t in texts)])
        result["batch"] = batch(model, tweets, options.rounds)
    (OUT / "bench.json").write_text(json.dumps(result, indent=1))
    (OUT / "bench.md").write_text(table(result))
    (OUT / "bench.svg").write_text(picture(result))
    print(table(result))
    if options.short:
        ratios = {n: result["latency"]["1"]["onnxruntime"][n] / result["latency"]["1"]["pinson"][n] for n in LENGTHS}
        slow = {n: round(r, 2) for n, r in ratios.items() if r < options.least}
        if slow:
            sys.exit(f"slower than {options.least}× ONNX Runtime at {slow}")


if __name__ == "__main__":
    main()

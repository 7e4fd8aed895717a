"""Measures classifiers as HTTP servers: the time to the first response, memory, and requests under load."""
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PORT = 18321


class Server:
    """A server process on a port of this machine; it ends when the `with` block ends."""

    def __init__(self, command, environment):
        self.start = time.perf_counter()
        self.process = subprocess.Popen(
            [str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE,
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
        """Returns the milliseconds from the start of the process to its first response, and its peak memory in MB."""
        body = b'{"text":"so good"}'
        head = ("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n")
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", PORT), timeout=60)
                break
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"{self.process.args} ended with status {self.process.returncode}; expected a server.")
                time.sleep(0.0002)
        with connection:
            connection.sendall(head.encode() + body)
            received = connection.recv(65536)
        assert received.startswith(b"HTTP/1.1 200"), received
        return (time.perf_counter() - self.start) * 1e3, self.memory()

    def memory(self):
        """Returns the peak memory of the process so far in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6


def servers(function, model, checkpoint, onnx):
    """Returns the command and the environment of each server."""
    uvicorn = [sys.executable, "-m", "uvicorn", "peers:app", "--port", PORT, "--log-level", "error"]
    peer = {"CHECKPOINT": str(checkpoint), "ONNX": str(onnx)}
    return {
        "pinson": ([function], {"MODEL_PATH": str(model), "LOG_LEVEL": "error"}),
        "FastAPI": (uvicorn, peer),
        "FastAPI, padded": (uvicorn, {**peer, "PAD": "128"}),
    }


def cold_starts(sides, rounds):
    """Returns the medians of the time to the first response and of the peak memory; pinson starts more often."""
    found = {name: [] for name in sides}
    for index in range(rounds * 5):
        for name, side in sides.items():
            if name == "pinson" or index < rounds:
                with Server(*side) as server:
                    found[name].append(server.answer())
    return {name: {"ms": statistics.median(t for t, _ in values), "MB": statistics.median(m for _, m in values)}
            for name, values in found.items()}


def throughput(sides, script, rounds):
    """Returns the requests a second, the latency, the errors and the growth of memory for each number of clients."""
    found = {}
    for clients in (1, 4, 16, 64):
        for _ in range(rounds):
            for name, side in sides.items():
                with Server(*side) as server:
                    server.answer()
                    wrk(script, clients, seconds=1)  # warms up
                    before = server.memory()
                    measured = wrk(script, clients, seconds=4)
                    measured["growth"] = server.memory() - before
                found.setdefault((name, clients), []).append(measured)
    return {name: {clients: {key: statistics.median(r[key] for r in results) for key in results[0]}
                   for (n, clients), results in found.items() if n == name} for name in sides}


def wrk(script, clients, seconds):
    """Runs wrk, a load generator for HTTP, and returns what it reports; latencies are in ms."""
    options = ["-t1", f"-c{clients}", f"-d{seconds}s", "-s", str(script), "--latency"]
    text = subprocess.run(["wrk", *options, f"http://127.0.0.1:{PORT}"],
                          check=True, capture_output=True, text=True).stdout
    milliseconds = {percentile: float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]
                    for percentile, value, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", text)}
    errors = re.findall(r"(?:Non-2xx or 3xx responses:|connect|read|write|timeout) (\d+)", text)
    return dict(rate=float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), p50=milliseconds["50"],
                p99=milliseconds["99"], errors=sum(map(int, errors)))


def wrk_script(texts, folder):
    """Writes the script with which wrk sends one text after the other into `folder`, and returns its path."""
    (folder / "bodies.txt").write_text("\n".join(json.dumps({"text": t}) for t in texts) + "\n")
    (folder / "load.lua").write_text(f"""local t = {{}}
for l in io.lines("{folder}/bodies.txt") do t[#t+1] = l end
local i = 0
request = function()
 i = i % #t + 1
 return wrk.format("POST", "/predict", {{["Content-Type"]="application/json"}}, t[i])
end
""")
    return folder / "load.lua"

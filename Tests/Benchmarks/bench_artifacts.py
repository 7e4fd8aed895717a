"""Stores and fetches an artifact with Pinson and with the clients for Python, side by side on one machine.

    bench_artifacts.py [--megabytes 100] [--rounds 3]

It starts a server of MLflow that serves artifacts itself, one whose artifacts are in a store with the interface of S3, and
the server of moto as that store. It needs `make build` and the Python packages mlflow, boto3 and moto[server]. Times are
medians of the rounds: for Pinson, of the command that fetches the file, and of what sending a run takes longer with the file
than without it; for Python, of the call alone, without its imports. Memory is the largest resident size of the process.
"""
import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).parent.parent.parent
PINSON = pathlib.Path(os.environ.get("PINSON", ROOT / "dist/pinson"))
CALLS = {
    "mlflow store": "mlflow.log_artifact(file, 'big', run_id=run)",
    "mlflow fetch": "mlflow.artifacts.download_artifacts(f'runs:/{run}/big/big.gguf', dst_path=file + '.python')",
    "boto3 store": "s3.upload_file(file, 'finch', 'boto3.bin')",
    "boto3 fetch": "s3.download_file('finch', 'boto3.bin', file + '.boto3')",
}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(processes, path, *arguments, **environment):
    port = free_port()
    command = [sys.executable, "-m", *[str(a).replace("PORT", str(port)) for a in arguments]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes.append(subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True, **quiet))
    for _ in range(900):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).read()
            return f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{arguments[0]} does not answer")


def measure(command, environment, folder, check=True):
    """Seconds, largest resident megabytes, and the output of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(c) for c in command], env={**os.environ, **environment}, cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    memory = 0
    while process.poll() is None:
        # The peak that wait4 reports would include that of this process before the other program was loaded.
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            memory = max([memory] + [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")])
        except OSError:
            pass
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    if check and process.returncode != 0:
        sys.exit(f"{command} failed: {process.stderr.read().decode()}")
    return seconds, memory / 1024, process.stdout.read().decode()


def python(call, file, run, environment, folder):
    script = f"""import sys, time, mlflow, boto3, os, logging
logging.disable(logging.CRITICAL)
file, run = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=os.environ.get("MLFLOW_S3_ENDPOINT_URL"))
start = time.perf_counter()
{CALLS[call]}
print("seconds", time.perf_counter() - start)
"""
    _, memory, output = measure([sys.executable, "-c", script, file, run], environment, folder)
    return float(output.split("seconds ")[1]), memory


def record(folder, file, environment):
    """A run in a folder with the file as an artifact, as if the server had been down; then it is sent."""
    shutil.rmtree(folder / "mlruns", ignore_errors=True)
    offline = {**environment, "MLFLOW_TRACKING_URI": "", "MLFLOW_EXPERIMENT_NAME": ""}
    measure([PINSON, "train", "bayes", "--data", "tiny.csv", "-o", "tiny.gguf", "--track", "big"], offline, folder)
    if file:
        artifacts = next(folder.glob("mlruns/*/*/artifacts"))
        (artifacts / "big").mkdir()
        os.link(file, artifacts / "big/big.gguf")
    seconds, memory, _ = measure([PINSON, "track", "sync"], environment, folder)
    return seconds, memory


def last_run(environment):
    def call(path, body):
        request = urllib.request.Request(environment["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/" + path,
                                         json.dumps(body).encode(), {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))
    experiments = call("experiments/search", {"max_results": 10})["experiments"]
    ids = [e["experiment_id"] for e in experiments if e["name"] == "big"]
    return call("runs/search", {"experiment_ids": ids, "max_results": 1})["runs"][0]["info"]["run_id"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    processes, results = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        file = folder / "big.gguf"
        file.write_bytes(os.urandom(arguments.megabytes * 1_000_000))
        (folder / "tiny.csv").write_text("text,label\n" + "".join(f"so good {i},yes\nso bad {i},no\n" for i in range(20)))
        try:
            store = serve(processes, "/moto-api/data.json", "moto.server", "-H", "127.0.0.1", "-p", "PORT")
            account = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
                       "AWS_DEFAULT_REGION": "us-east-1", "MLFLOW_S3_ENDPOINT_URL": store,
                       "XDG_CACHE_HOME": str(folder / "cache")}
            urllib.request.urlopen(urllib.request.Request(f"{store}/finch", method="PUT"))
            flow = ["mlflow", "server", "--host", "127.0.0.1", "--port", "PORT", "--workers", "1"]
            proxy = serve(processes, "/health", *flow, "--backend-store-uri", f"sqlite:///{folder}/a.db",
                          "--artifacts-destination", folder / "artifacts")
            direct = serve(processes, "/health", *flow, "--backend-store-uri", f"sqlite:///{folder}/b.db",
                           "--no-serve-artifacts", "--default-artifact-root", "s3://finch/runs", **account)
            for _ in range(arguments.rounds):
                for place, address in [("server", proxy), ("S3", direct)]:
                    environment = {**account, "MLFLOW_TRACKING_URI": address}

                    def note(what, who, seconds, memory):
                        results.setdefault((place, what, who), []).append((seconds, memory))
                    without, _ = record(folder, None, environment)
                    seconds, memory = record(folder, file, environment)
                    note("store", "Pinson", max(seconds - without, 0.001), memory)
                    run = last_run(environment)
                    shutil.rmtree(folder / "cache", ignore_errors=True)
                    fetch = [PINSON, "pack", f"runs:/{run}/big/big.gguf", "-o", folder / "copy.gguf"]
                    # The bytes are no model, so the command fails once it has fetched them.
                    seconds, memory, _ = measure(fetch, environment, folder, check=False)
                    kept = next((folder / "cache/pinson/models").glob("*.gguf"))
                    if kept.read_bytes() != file.read_bytes():
                        sys.exit("what was fetched is not what was stored")
                    note("fetch", "Pinson", seconds, memory)
                    for what in ["store", "fetch"]:
                        for client in ["mlflow", "boto3"] if place == "S3" else ["mlflow"]:
                            call = f"{client} {what}"
                            note(what, client, *python(call, str(file), run, environment, folder))
        finally:
            for process in processes:
                os.killpg(process.pid, 9)
    print("| place | what | client | seconds | MB/s | largest resident MB |\n|---|---|---|---|---|---|")
    for (place, what, who), rounds in results.items():
        seconds = statistics.median(r[0] for r in rounds)
        memory = max(r[1] for r in rounds)
        print(f"| {place} | {what} | {who} | {seconds:.2f} | {arguments.megabytes / seconds:.0f} | {memory:.0f} |")


main()

"""A store with the interface of S3, and the query interface of Azure Monitor, in tests.

    report_server.py FOLDER

Prints its port when it listens. A store lists and gives the files of FOLDER. A query gets pages of rows that are made from the
lines of FOLDER/rows.jsonl; each line has "time" and "properties". The body of each query is appended to FOLDER/queries.
"""

import http.server
import json
import pathlib
import re
import sys
import urllib.parse

folder = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    def reply(self, body, kind="application/xml"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        address = urllib.parse.urlparse(self.path)
        if "list-type=2" in address.query:
            names = sorted(file.name for file in folder.glob("*.log"))
            keys = "".join(f"<Contents><Key>reports/{name}</Key></Contents>" for name in names)
            self.reply(f"<ListBucketResult>{keys}</ListBucketResult>".encode())
        else:
            self.reply((folder / pathlib.Path(address.path).name).read_bytes(), "application/octet-stream")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(folder / "queries", "ab") as file:
            file.write(body + b"\n")
        query = json.loads(body)["query"]
        start = re.search(r"datetime\((.*?)\)", query)
        rows = [json.loads(line) for line in open(folder / "rows.jsonl")]
        rows = [row for row in rows if not start or row["time"] >= start.group(1)]
        rows = sorted(rows, key=lambda row: row["time"])[: int(re.search(r"take (\d+)", query).group(1))]
        columns = [{"name": name, "type": "string"} for name in ("TimeGenerated", "Properties")]
        cells = [[row["time"], json.dumps(row["properties"])] for row in rows]
        table = {"name": "PrimaryResult", "columns": columns, "rows": cells}
        self.reply(json.dumps({"tables": [table]}).encode(), "application/json")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()

"""Sends events with Microsoft's exporter for Python to a server of this process, and prints the bodies that arrive.

The standard input is a list of events in JSON: {"kind": "request" | "message" | "exception", "trace", "span", "parent"?,
"time", ...}. It needs the package azure-monitor-opentelemetry-exporter.
"""

import gzip
import http.server
import json
import os
import sys
import threading

os.environ["APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL"] = "true"
os.environ["APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED"] = "true"

from azure.monitor.opentelemetry.exporter import AzureMonitorLogExporter, AzureMonitorTraceExporter
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

items = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        batch = json.loads(body)
        items.extend(dict(item, path=self.path) for item in batch)
        answer = json.dumps({"itemsReceived": len(batch), "itemsAccepted": len(batch), "errors": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
given = json.load(sys.stdin)
connection = f"InstrumentationKey={given['key']};IngestionEndpoint=http://127.0.0.1:{server.server_address[1]}/"
resource = Resource(given["resource"])
scope = InstrumentationScope("pinson")


def context(event, name):
    return SpanContext(int(event["trace"], 16), int(event[name], 16), False, TraceFlags(1))


def span(event):
    status = event["attributes"]["http.response.status_code"]
    return ReadableSpan(
        name=event["name"], context=context(event, "span"),
        parent=context(event, "parent") if event.get("parent") else None, resource=resource,
        attributes=event["attributes"], kind=SpanKind.SERVER, instrumentation_scope=scope,
        status=Status(StatusCode.ERROR if status >= 500 else StatusCode.UNSET), start_time=event["time"],
        end_time=event["time"] + event["duration"])


def log(event):
    record = LogRecord(
        timestamp=event["time"], observed_timestamp=event["time"], context=None,
        severity_number=SeverityNumber(event["severity"]), severity_text="", body=event["message"],
        attributes=event["attributes"])
    record.trace_id, record.span_id, record.trace_flags = int(event["trace"], 16), int(event["span"], 16), TraceFlags(1)
    return ReadableLogRecord(record, resource, instrumentation_scope=scope)


spans, logs = AzureMonitorTraceExporter(connection_string=connection, disable_offline_storage=True), AzureMonitorLogExporter(
    connection_string=connection, disable_offline_storage=True)
for event in given["events"]:
    if event["kind"] == "request":
        spans.export([span(event)])
    else:
        logs.export([log(event)])
print(json.dumps(items))

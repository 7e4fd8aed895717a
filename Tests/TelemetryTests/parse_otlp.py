"""Reads OTLP/HTTP JSON bodies with the parsers of opentelemetry-proto, and prints them as those write them.

The standard input has lines with the signal, a tab, and the body. It needs the package opentelemetry-proto. A member that
the protocol does not have is an error.
"""

import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

kinds = {"traces": ExportTraceServiceRequest, "logs": ExportLogsServiceRequest, "metrics": ExportMetricsServiceRequest}


def in_base64(value):
    """OTLP writes ids in hexadecimal digits, where Protocol Buffers would write base64."""
    import base64

    if isinstance(value, list):
        return [in_base64(item) for item in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {
        key: base64.b64encode(bytes.fromhex(item)).decode() if key in ids else in_base64(item) for key, item in value.items()
    }


for line in sys.stdin:
    signal, body = line.rstrip("\n").split("\t", 1)
    message = json_format.Parse(json.dumps(in_base64(json.loads(body))), kinds[signal]())
    print(json.dumps(json_format.MessageToDict(message)))

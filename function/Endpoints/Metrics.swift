import Inference
import ModelFile
import NIOCore
import NIOHTTP1
import Telemetry

extension Service {
    /// `GET /metrics`: counters and gauges in the text format of Prometheus.
    func metrics() -> Response {
        let load = queue.load
        var text = PrometheusText(
            recorder.counters,
            .init(
                waiting: load.waiting, running: load.running, waitingTokens: load.tokens,
                waitingReports: feedbackQueue?.waiting ?? 0, queue: queue.options,
                connections: connections.counts, isReady: lifecycle.isReady, model: classifier.name,
                version: pinsonVersion))
        if let driftMonitor { text.drift(driftMonitor.current, labels: driftMonitor.labels) }
        if let telemetry = recorder.telemetry { text.telemetry(telemetry.counts) }
        return Response(.ok, "text/plain; version=0.0.4; charset=utf-8", ByteBuffer(string: text.text))
    }
}

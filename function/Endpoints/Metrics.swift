import Inference
import ModelFile
import NIOCore
import NIOHTTP1
import Telemetry

extension Service {
    /// `GET /metrics`: counters and gauges in the text format of Prometheus, or in OpenMetrics if the client prefers it.
    func metrics(_ request: Request) -> Response {
        let form = AcceptHeader(request.accept).prefersOpenMetrics ? Exposition.Form.openMetrics : .prometheus
        let text = Exposition(metricList.metrics, form).text
        return Response(.ok, form.mediaType, ByteBuffer(string: text), headers: [("Vary", "Accept")])
    }

    /// The metrics as they are now.
    var metricList: MetricList {
        let load = queue.load
        var list = MetricList(
            recorder.counters,
            .init(
                waiting: load.waiting, running: load.running, waitingTokens: load.tokens,
                waitingReports: feedbackQueue?.waiting ?? 0, queue: queue.options,
                connections: connections.counts, isReady: lifecycle.isReady, model: classifier.name,
                version: pinsonVersion))
        if let driftMonitor { list.drift(driftMonitor.current, labels: driftMonitor.labels) }
        if let shadow { list.shadow(shadow) }
        if let telemetry = recorder.telemetry { list.telemetry(telemetry.counts) }
        return list
    }
}

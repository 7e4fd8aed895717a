import Alerts
import Feedback
import Inference
import ModelFile
import NIOCore
import NIOHTTP1
import Telemetry

/// Answers requests: it finds the endpoint of a request, asks it, and records the answer.
///
/// Each endpoint is an extension in `Endpoints/`.
final class Service: Sendable {
    let classifier: Classifier
    let settings: Settings
    let lifecycle = Lifecycle()
    let connections: Connections
    let queue: InferenceQueue
    let recorder: Recorder
    /// Keeps clients to `RATE_LIMIT`, or nil if there is none.
    let rateLimiter: RateLimiter?
    /// The time of the start.
    let started = FeedbackTime.now
    /// Keeps reports on the volume, or nil if there is none.
    let feedbackQueue: FeedbackQueue?
    /// Raises alerts, or nil if there are none.
    let alertDesk: AlertDesk?
    /// Compares texts with those of the training, or nil if they are not known.
    let driftMonitor: DriftMonitor?
    /// The model that is compared with the one that answers, or nil.
    let shadow: ShadowModel?

    /// Starts the workers.
    ///
    /// - Throws: `SettingsError` if the shadow model has other labels, `ThreadError` if the system does not start all
    ///   threads, or `ModelFileError` if statistics in the model file are not valid.
    init(_ classifier: Classifier, shadow: Classifier? = nil, settings: Settings, log: Log) throws {
        self.classifier = classifier
        self.settings = settings
        let resource = Resource(
            settings.telemetry, version: pinsonVersion, instance: FeedbackInstance.current.name, model: classifier.name)
        recorder = Recorder(log, settings, telemetry: Telemetry(settings.telemetry, resource) { log.write($0) })
        rateLimiter = settings.access.rateLimit.map(RateLimiter.init)
        feedbackQueue =
            if let folder = settings.feedback.folder {
                try FeedbackQueue(FolderVolume(path: folder), settings.feedback, recorder)
            } else { nil }
        alertDesk =
            settings.alerts.isOn
            ? try AlertDesk(
                settings.alerts, volume: settings.feedback.folder.map(FolderVolume.init), model: classifier.name,
                recorder)
            : nil
        driftMonitor = try DriftMonitor(classifier, settings.alerts)
        self.shadow = try shadow.map { other in
            try ShadowModel(other, labels: classifier.labels, share: settings.shadowShare)
        }
        connections = Connections(settings.connections) { [recorder] in recorder.tooManyConnections() }
        queue = try InferenceQueue(
            classifier,
            .init(
                workers: settings.workers, threads: settings.threads, requestLimit: settings.queueLimit,
                tokenLimit: settings.queueTokens))
        recorder.telemetry?.reportMetrics { [weak self] in self?.metricList.metrics }
    }

    /// Ends the workers, and keeps the reports that have arrived.
    ///
    /// Requests that still wait are answered with 503.
    func stop() {
        queue.stop()
        feedbackQueue?.stop()
        alertDesk?.stop()
        shadow?.stop()
    }

    /// Answers `request` on `eventLoop`, and records the answer.
    @Sendable func respond(
        to request: Request, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<Response> {
        let received = NIODeadline.now()
        let route = Route(request.path, request.method)
        var request = request
        if let telemetry = recorder.telemetry { request.trace = telemetry.trace(continuing: request.trace) }
        let answered = answer(request, route, on: eventLoop, unless: cancellation).map {
            [recorder, settings, request] response in
            recorder.answered(request, route, response.status, since: received)
            var response = response
            response.headers += settings.access.origins.headers(for: request)
            response.headers.append(("X-Request-Id", request.id))
            if recorder.telemetry != nil { response.headers += request.trace?.headers ?? [] }
            return response
        }
        guard settings.telemetry.flushesBeforeAnswer, !route.isProbe, let telemetry = recorder.telemetry else {
            return answered
        }
        return answered.flatMap { response in
            telemetry.flush(within: Telemetry.answerTimeout, on: eventLoop).map { response }
        }
    }

    private func answer(
        _ request: Request, _ route: Route, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<Response> {
        do throws(Problem) {
            let body: ByteBuffer
            switch request.body {
            case .complete(let bytes): body = bytes
            case .refused(let status, let detail): throw Problem(status: status, detail: detail)
            }
            if request.isSurplus, !route.isProbe { throw .tooManyConnections }
            let endpoint = try route.endpoint(allowing: request.method)
            if request.method == .OPTIONS {
                return eventLoop.makeSucceededFuture(options(request, route.methods))
            }
            try admit(request, to: endpoint)
            let response: Response
            switch endpoint {
            case .predict: return try predict(request, body, on: eventLoop, unless: cancellation)
            case .feedback: return try feedback(request, body, on: eventLoop)
            case .errorReport: return try reportError(request, body, on: eventLoop)
            case .erasure: return try erase(request, on: eventLoop)
            case .root: response = root(request)
            case .health, .live: response = health()
            case .readiness: response = readiness()
            case .info: response = info()
            case .metrics: response = metrics(request)
            case .operator: response = operatorState()
            case .contract: response = Contract.document.response(to: request)
            case .documentation: response = Contract.page.response(to: request)
            }
            return eventLoop.makeSucceededFuture(response)
        } catch {
            return eventLoop.makeSucceededFuture(error.response)
        }
    }
}

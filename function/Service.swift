import Inference
import ModelFile
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1

/// What the function does: a request in, a response out, and nothing of sockets.
final class Service: Sendable {
    static let version = "0.1.0"
    /// Bytes of a request's body.
    static let bodyLimit = 64 * 1024

    let settings: Settings
    private let classifier: Classifier
    private let queue: InferenceQueue
    private let telemetry = Telemetry()
    private let log: Log
    private let ready = NIOLockedValueBox(true)

    init(_ classifier: Classifier, settings: Settings, log: Log) {
        self.classifier = classifier
        self.settings = settings
        self.log = log
        queue = InferenceQueue(
            classifier, workers: settings.workers, threads: settings.threads, limit: settings.queueLimit)
    }

    var isReady: Bool { ready.withLockedValue { $0 } }

    /// From now on requests for work are refused, and the readiness probe says so.
    func beginDraining() { ready.withLockedValue { $0 = false } }

    func stop() { queue.stop() }

    /// Answers `request`, on `eventLoop`, and counts and logs that it did.
    func respond(
        to request: Request, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<Response> {
        let received = NIODeadline.now()
        let route = Route(request)
        return answer(request, route, on: eventLoop, unless: cancellation).map { [self] response in
            record(request, route, response.status, since: received)
            return response
        }
    }

    /// Counts and logs what was answered before a request was whole.
    func recordRefusal(_ request: Request, _ status: HTTPResponseStatus) {
        record(request, Route(request), status, since: .now())
    }

    private func answer(
        _ request: Request, _ route: Route, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<Response> {
        do {
            switch try route.checked(request.method) {
            case .predict: return try predict(request, on: eventLoop, unless: cancellation)
            case .root: return eventLoop.makeSucceededFuture(root(request))
            case .health, .live:
                return eventLoop.makeSucceededFuture(
                    .json { $0.value(.object([.init(key: "status", value: .string("ok"))])) })
            case .readiness: return eventLoop.makeSucceededFuture(readiness)
            case .info: return eventLoop.makeSucceededFuture(info)
            case .metrics: return eventLoop.makeSucceededFuture(metrics)
            }
        } catch {
            return eventLoop.makeSucceededFuture(error.response)
        }
    }

    private func predict(
        _ request: Request, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) throws(Problem) -> EventLoopFuture<Response> {
        guard isReady else {
            throw Problem(
                status: .serviceUnavailable, detail: "The function is stopping; send the request again.",
                headers: [("Retry-After", "1")])
        }
        let body: JSON
        do {
            body = try JSON(parsing: request.body.readableBytesView)
        } catch {
            throw Problem(status: .badRequest, detail: "The body is not JSON: \(error).")
        }
        let predict = try PredictRequest(body)
        guard let predictions = queue.classify(predict.texts, on: eventLoop, unless: cancellation) else {
            telemetry.countRefusal()
            throw Problem(
                status: .tooManyRequests,
                detail: "\(queue.limit) requests are waiting already; send this one again later.",
                headers: [("Retry-After", "1")])
        }
        return predictions.map { [self] predictions in
            telemetry.countPredictions(
                texts: predictions.count, tokens: predictions.reduce(0) { $0 + $1.tokens },
                truncated: predictions.count { $0.isTruncated })
            if settings.logsText {
                for (text, prediction) in zip(predict.texts, predictions) {
                    log.write(
                        .info, "prediction",
                        ["text": .string(text), "label": .string(classifier.labels[prediction.label])],
                        trace: request.trace, project: settings.project)
                }
            }
            return predict.response(predictions, of: classifier)
        }.flatMapErrorThrowing { error in
            switch error {
            case InferenceQueue.Failure.cancelled:
                // For the log and the metrics only; nginx uses the same number.
                let status = HTTPResponseStatus.custom(code: 499, reasonPhrase: "Client Closed Request")
                return Problem(status: status, detail: "The client did not wait for the answer.").response
            default:
                return Problem(status: .serviceUnavailable, detail: "The function is stopping; send the request again.")
                    .response
            }
        }
    }

    private func root(_ request: Request) -> Response {
        if request.accept.contains("text/html") {
            return Response(
                .ok, "text/html; charset=utf-8", String(decoding: PackageResources.page_html, as: UTF8.self))
        }
        return .json {
            $0.value(.object([.init(key: "message", value: .string("\(classifier.name) is online: POST /predict"))]))
        }
    }

    private var readiness: Response {
        let ready = isReady
        return .json(ready ? .ok : .serviceUnavailable) {
            $0.value(.object([.init(key: "status", value: .string(ready ? "ready" : "draining"))]))
        }
    }

    private var metrics: Response {
        Response(
            .ok, "text/plain; version=0.0.4; charset=utf-8",
            telemetry.text(
                load: queue.load, limit: queue.limit, isReady: isReady, model: classifier.name,
                version: Self.version))
    }

    private var info: Response {
        .json { writer in
            writer.beginObject()
            writer.member("model", classifier.name)
            writer.member("labels", .array(classifier.labels.map { .string($0) }))
            writer.member("max_tokens", .number(Double(classifier.maxTokens)))
            writer.key("decision_threshold")
            writer.value(classifier.threshold)
            writer.member("model_sha256", (try? classifier.file.metadata.string("pinson.header_sha256")) ?? "")
            writer.member("model_bytes", .number(Double(classifier.file.withBytes(\.count))))
            writer.member("version", Self.version)
            writer.member("instruction_set", classifier.instructionSet.rawValue)
            writer.member("workers", .number(Double(settings.workers)))
            writer.member("queue_limit", .number(Double(settings.queueLimit)))
            writer.endObject()
        }
    }

    private func record(_ request: Request, _ route: Route, _ status: HTTPResponseStatus, since received: NIODeadline) {
        let seconds = Double((NIODeadline.now() - received).nanoseconds) / 1e9
        telemetry.countRequest(route: route.name, status: status.code, seconds: seconds)
        let severity: Severity =
            status.code >= 500 ? .error : status.code >= 400 ? .warning : route.isProbe ? .debug : .info
        guard severity >= settings.logLevel else { return }
        log.write(
            severity, "\(request.method.rawValue) \(request.path.prefix(200)) \(status.code)",
            [
                "httpRequest": .object([
                    .init(key: "requestMethod", value: .string(request.method.rawValue)),
                    .init(key: "requestUrl", value: .string(String(request.path.prefix(200)))),
                    .init(key: "status", value: .number(Double(status.code))),
                    .init(key: "latency", value: .string("\(seconds)s")),
                ])
            ], trace: request.trace, project: settings.project)
    }
}

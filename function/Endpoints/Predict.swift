import Inference
import JSON
import NIOCore
import NIOHTTP1

extension Service {
    /// `POST /predict`: classifies one text or several.
    ///
    /// - Throws: `Problem` if the body is not valid.
    func predict(
        _ request: Request, _ body: ByteBuffer, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) throws(Problem) -> EventLoopFuture<Response> {
        let trace = request.trace
        let request = try PredictRequest(request.json(body))
        guard !request.explains || classifier.explainsByTerms else { throw .notExplained(classifier.name) }
        let predictions = queue.classify(
            request.texts, explains: request.explains, on: eventLoop, unless: cancellation)
        return predictions.flatMapThrowing { [recorder, classifier, driftMonitor, alertDesk, shadow] predictions in
            if let facts = driftMonitor?.observe(request.texts, predictions) { alertDesk?.drifted(facts) }
            recorder.classified(request.texts, predictions, labels: classifier.labels, trace: trace)
            shadow?.observe(request.texts, predictions, on: eventLoop)
            return try request.response(predictions, classifier)
        }.flatMapErrorThrowing { [recorder] error in
            switch error {
            case let problem as Problem: return problem.response
            case QueueFailure.cancelled: return Problem.clientClosedRequest.response
            case QueueFailure.full(let seconds):
                recorder.refused()
                return Problem.busy(retryAfterSeconds: seconds).response
            default: return Problem.stopping.response
            }
        }
    }
}

extension Problem {
    /// The queue is full.
    fileprivate static func busy(retryAfterSeconds seconds: Int) -> Problem {
        Problem(
            status: .tooManyRequests,
            detail: "Too many texts are already waiting. Send the request again in \(seconds) s.",
            headers: [("Retry-After", "\(seconds)")])
    }

    /// The model would have to classify a text again for each of its words.
    fileprivate static func notExplained(_ model: String) -> Problem {
        Problem(
            unprocessable: "'explain' is true, but the model '\(model)' is not a sum of terms that could be returned. "
                + "Remove it, or run `pinson classify --explain`, which leaves out one word after the other.")
    }

    /// The body is JSON, but not a request that can be answered.
    init(unprocessable detail: String) {
        self.init(status: .unprocessableEntity, detail: detail)
    }

    fileprivate static let stopping = Problem(
        status: .serviceUnavailable, detail: "The function is stopping. Send the request again.",
        headers: [("Retry-After", "1")])

    /// The client has closed the connection.
    ///
    /// This status appears only in the log and the metrics. nginx uses the same number.
    fileprivate static let clientClosedRequest = Problem(
        status: .custom(code: 499, reasonPhrase: "Client Closed Request"),
        detail: "The client did not wait for the answer.")
}

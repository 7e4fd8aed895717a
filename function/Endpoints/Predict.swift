import Inference
import JSON
import NIOCore
import NIOHTTP1

extension Service {
    /// `POST /predict`: classifies one text or several.
    ///
    /// - Throws: `Problem` if the body is not valid.
    func predict(
        _ body: ByteBuffer, _ trace: Trace?, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) throws(Problem) -> EventLoopFuture<Response> {
        let json: JSON
        do {
            json = try JSON(parsing: body.readableBytesView)
        } catch {
            throw Problem(status: .badRequest, detail: "The body is not valid JSON: \(error).")
        }
        let request = try PredictRequest(json)
        let predictions = queue.classify(request.texts, on: eventLoop, unless: cancellation)
        return predictions.map { [recorder, classifier] predictions in
            recorder.classified(request.texts, predictions, labels: classifier.labels, trace: trace)
            return request.response(predictions, labels: classifier.labels, model: classifier.name)
        }.flatMapErrorThrowing { [recorder] error in
            switch error {
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

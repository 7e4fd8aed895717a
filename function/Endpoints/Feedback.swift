import Feedback
import Inference
import JSON
import ModelFile
import NIOCore
import NIOHTTP1

extension Service {
    /// `POST /feedback`: keeps what a user says about a prediction.
    ///
    /// - Throws: `Problem` if the body is not valid.
    func feedback(_ request: Request, _ body: ByteBuffer, on eventLoop: any EventLoop) throws(Problem)
        -> EventLoopFuture<Response>
    {
        let report = try FeedbackRequest(feedback: request.json(body))
        return try keep(report, request, on: eventLoop, answer: { _ in ("status", .string("ok")) })
    }

    /// `POST /report_error`: keeps a report of a wrong prediction.
    ///
    /// - Throws: `Problem` if the body is not valid.
    func reportError(_ request: Request, _ body: ByteBuffer, on eventLoop: any EventLoop) throws(Problem)
        -> EventLoopFuture<Response>
    {
        let report = try FeedbackRequest(errorReport: request.json(body))
        return try keep(report, request, on: eventLoop, answer: { isSent in ("report_sent", .bool(isSent)) })
    }

    private func keep(
        _ report: FeedbackRequest, _ request: Request, on eventLoop: any EventLoop,
        answer: @escaping @Sendable (_ isSent: Bool) -> (key: String, value: JSON)
    ) throws(Problem) -> EventLoopFuture<Response> {
        let named = try IdempotencyKey.id(request.idempotencyKey)
        let time = FeedbackTime.now
        let record = FeedbackRecord(
            id: named ?? FeedbackID(time: time), time: time, content: settings.feedback.content(report.text),
            predicted: report.predicted, score: report.score, expected: report.expected,
            comment: settings.feedback.hashKey == nil ? report.comment : nil, isCorrect: report.isCorrect,
            model: classifier.name, modelDigest: ModelDescription(classifier.file.metadata).headerDigest ?? "",
            version: pinsonVersion, instance: FeedbackInstance.current.name)
        let isDurable = feedbackQueue != nil
        let kept: EventLoopFuture<Void>
        if let feedbackQueue {
            kept = feedbackQueue.add(
                .report(record), fingerprint: named.map { _ in report.hashValue }, on: eventLoop)
        } else {
            kept = eventLoop.makeSucceededVoidFuture()
        }
        return kept.flatMap { [recorder, alertDesk] in
            recorder.reported(record, isDurable: isDurable, trace: request.trace)
            guard record.isCorrect == false, let alertDesk else { return eventLoop.makeSucceededFuture(false) }
            return alertDesk.reported(record, on: eventLoop)
        }.map { isSent in
            let answer = answer(isSent)
            return .json(value: [answer.key: answer.value, "id": .string("\(record.id)"), "durable": .bool(isDurable)])
        }.flatMapErrorThrowing { [recorder] error in
            recorder.reportRefused()
            return (error as? FeedbackFailure ?? .stopping).problem.response
        }
    }
}

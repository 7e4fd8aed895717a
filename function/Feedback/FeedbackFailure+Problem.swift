import Feedback
import NIOHTTP1

extension FeedbackFailure {
    /// The answer to the request.
    var problem: Problem {
        switch self {
        case .busy: Self.unavailable("Too many reports are waiting for the feedback volume.")
        case .stalled(let seconds):
            Self.unavailable(
                "The feedback volume has not answered for \(seconds) s. The report may not have been kept.")
        case .refused(let error): Self.unavailable("The report was not kept. \(error.reason)")
        case .stopping: Self.unavailable("The function is stopping.")
        case .conflict:
            Problem(
                unprocessable: "Another report has the same Idempotency-Key. Send each report with a key of its own.")
        }
    }

    private static func unavailable(_ reason: String) -> Problem {
        Problem(
            status: .serviceUnavailable,
            detail: "\(reason) Send the report again, with the same Idempotency-Key if it has one.",
            headers: [("Retry-After", "5")])
    }
}

import Feedback
import JSON
import NIOCore
import NIOHTTP1

extension Service {
    /// `DELETE /feedback/{id}`: erases a report.
    ///
    /// Erasing a report again changes nothing, and a report that another instance has just taken is erased as well.
    ///
    /// - Throws: `Problem` if the client may not do this or the name is not valid.
    func erase(_ request: Request, on eventLoop: any EventLoop) throws(Problem) -> EventLoopFuture<Response> {
        try authorize(request)
        guard let feedbackQueue else {
            throw Problem(
                status: .notFound, detail: "The function keeps no reports, because FEEDBACK_DIR is not set.")
        }
        guard let id = Route.reportName(request.path).flatMap({ FeedbackID($0) }) else {
            throw Problem(
                status: .notFound,
                detail:
                    "The path does not end with the name of a report: 32 hexadecimal digits, which were the 'id' in "
                    + "the answer to the report.")
        }
        return feedbackQueue.add(.erasure(id, .now), on: eventLoop).map { [recorder] in
            recorder.erased()
            return .json(value: ["status": .string("ok"), "id": .string("\(id)"), "erased": .bool(true)])
        }.flatMapErrorThrowing { error in (error as? FeedbackFailure ?? .stopping).problem.response }
    }

    /// Checks the key of the client.
    private func authorize(_ request: Request) throws(Problem) {
        guard !settings.apiKeys.isEmpty else {
            throw Problem(
                status: .forbidden,
                detail: "Nobody may erase reports, because API_KEYS is not set. Set it to one or more secret keys.")
        }
        guard let key = request.apiKey, settings.apiKeys.contain(key) else {
            throw Problem(
                status: .unauthorized,
                detail: (request.apiKey == nil ? "The request has no key" : "The key is not one of API_KEYS")
                    + ". Send 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.",
                headers: [("WWW-Authenticate", "Bearer")])
        }
    }
}

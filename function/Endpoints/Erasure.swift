import Feedback
import JSON
import NIOCore
import NIOHTTP1

extension Service {
    /// `DELETE /feedback/{id}`: erases a report.
    ///
    /// Erasing a report again changes nothing, and a report that another instance has just taken is erased as well.
    ///
    /// - Throws: `Problem` if the name is not valid.
    func erase(_ request: Request, on eventLoop: any EventLoop) throws(Problem) -> EventLoopFuture<Response> {
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
            recorder.erased(id)
            return .json(value: ["status": .string("ok"), "id": .string("\(id)"), "erased": .bool(true)])
        }.flatMapErrorThrowing { error in (error as? FeedbackFailure ?? .stopping).problem.response }
    }
}

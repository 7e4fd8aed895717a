public import Files
import Glibc

/// The reason why entries were not kept.
public enum FeedbackError: Error, Equatable {
    /// The volume refused an operation.
    case volume(FileError)
    /// The log has as many bytes as it may have.
    case full(limit: Int)
}

extension FeedbackError {
    /// What went wrong, for someone who need not know where the reports are kept.
    public var reason: String {
        switch self {
        case .volume(let error): "The feedback volume said: \(String(cString: strerror(error.errno)))."
        case .full: "The feedback log has reached its limit."
        }
    }
}

extension FeedbackError: CustomStringConvertible {
    /// What went wrong, and what to do.
    public var description: String {
        switch self {
        case .volume(let error): "\(error)"
        case .full(let limit):
            "The feedback log has reached its limit of \(limit) bytes. Export it and delete old files, set a retention "
                + "time, or raise the limit."
        }
    }
}

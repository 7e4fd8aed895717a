import Feedback

/// The reason why a report was not kept.
enum FeedbackFailure: Error, Equatable {
    /// Too many reports wait for the volume.
    case busy
    /// The volume has not answered in time.
    case stalled(seconds: Int)
    /// The volume refused, or the log is full.
    case refused(FeedbackError)
    /// Another report has the same idempotency key.
    case conflict
    /// The function is stopping.
    case stopping
}

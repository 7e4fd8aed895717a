/// The reason why a request has no predictions.
enum QueueFailure: Error {
    /// The client no longer waits for it.
    case cancelled
    /// The queue was stopped before all of it was computed.
    case stopped
    /// There is no room for it.
    case full(retryAfterSeconds: Int)
}

import Synchronization

/// Notices that a registry has stopped reading the body of a request.
///
/// The HTTP client has a limit for silence too, but it stops counting as soon as the connection accepts no more bytes.
/// That is what happens when the registry stops reading.
final class UploadWatch: Sendable {
    /// The time at which the client last asked for a part of the body; nil once it has all of it.
    private let lastDemand = Mutex<ContinuousClock.Instant?>(.now)

    /// The client asks for the next part.
    func demand() { lastDemand.withLock { $0 = .now } }

    /// The client has the whole body.
    func finish() { lastDemand.withLock { $0 = nil } }

    /// Runs `operation`, which sends the body, and cancels it when nothing was asked for during `silence`.
    ///
    /// - Throws: `ContainerImageError.unreachable` after the silence, or the error of `operation`.
    func run<Result: Sendable>(
        _ request: String, silence: Duration, _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                while let last = self.lastDemand.withLock(\.self) {
                    guard last + silence > .now else {
                        throw ContainerImageError.unreachable(
                            request: request, reason: "nothing could be sent for \(seconds(silence))")
                    }
                    try await Task.sleep(until: last + silence, clock: .continuous)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}

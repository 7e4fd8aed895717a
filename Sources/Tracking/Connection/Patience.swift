import Foundation
import NIOHTTP1

/// How long and how often a server is asked before it counts as not reachable.
public struct Patience: Sendable {
    /// The largest number of attempts.
    public var attempts: Int
    /// The wait after the first attempt, which doubles after each attempt.
    ///
    /// Half of it is random, so that many clients do not come back at the same time.
    public var delay: Duration
    /// The longest wait, whatever a server asks for.
    public var longestDelay: Duration
    /// The longest time for the answer to a request without a file, and the longest silence while a file is moved.
    public var silence: Duration

    /// Decides how long and how often a server is asked.
    ///
    /// - Parameters:
    ///   - attempts: The largest number of attempts.
    ///   - delay: The wait after the first attempt, which doubles after each attempt.
    ///   - longestDelay: The longest wait, whatever a server asks for.
    ///   - silence: The longest time for the answer to a request without a file.
    public init(
        attempts: Int = 5, delay: Duration = .milliseconds(500), longestDelay: Duration = .seconds(30),
        silence: Duration = .seconds(60)
    ) {
        self.attempts = attempts
        self.delay = delay
        self.longestDelay = longestDelay
        self.silence = silence
    }

    /// The patience while a person waits for a training: a server that does not answer soon gets the run later.
    public static let short = Patience(
        attempts: 3, delay: .milliseconds(300), longestDelay: .seconds(3), silence: .seconds(15))

    /// Statuses after which the same request may succeed a moment later.
    static let passing: Set<Int> = [408, 429, 500, 502, 503, 504]

    /// Statuses that say that nothing was done.
    static let untouched: Set<Int> = [429, 503]

    /// Waits after attempt number `attempt`, counted from 1, whose answer had `headers`.
    func wait(after attempt: Int, _ headers: HTTPHeaders?) async throws {
        let backoff = delay * Double(1 << min(attempt - 1, 16)) * Double.random(in: 0.5...1)
        let asked = headers?.first(name: "Retry-After").flatMap(Int.init).map { Duration.seconds(max(0, $0)) }
        try await Task.sleep(for: min(max(backoff, asked ?? .zero), longestDelay))
    }

    /// The time after which a request that moves `size` bytes is given up: a connection may have 64 kbit/s.
    func limit(for size: Int64) -> Duration { silence + .seconds(Double(max(0, size)) / 8192) }
}

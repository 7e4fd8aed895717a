import Foundation
import NIOHTTP1

/// Decides how often a request is repeated, and how long to wait before.
struct RetryPolicy: Sendable {
    /// The largest number of attempts.
    var attempts = 5
    /// The wait after the first attempt.
    ///
    /// It doubles after each attempt, and half of it is random, so that many clients do not come back at the same time.
    var delay: Duration = .milliseconds(500)
    /// The longest wait, whatever a server asks for.
    var longest: Duration = .seconds(120)
    /// Waits for a duration; tests replace it to save time.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// The status codes after which a repeated request may succeed.
    static let statuses: Set<Int> = [408, 429, 499, 500, 502, 503, 504]

    /// Waits after attempt number `attempt`, counted from 1, whose answer had `headers`.
    func wait(after attempt: Int, _ headers: HTTPHeaders?) async throws {
        let backoff = delay * Double(1 << (attempt - 1)) * Double.random(in: 0.5...1)
        let asked = headers?.first(name: "Retry-After").flatMap(Self.seconds).map { Duration.seconds($0) }
        try await sleep(min(max(backoff, asked ?? .zero), longest))
    }

    /// Parses a `Retry-After` header, which has a number of seconds or a date.
    static func seconds(_ header: String) -> Int? {
        if let seconds = Int(header) { return max(0, seconds) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: header).map { max(0, Int($0.timeIntervalSinceNow.rounded(.up))) }
    }
}

import Foundation
import NIOHTTP1

/// When a request is tried again, and after how long.
struct RetryPolicy: Sendable {
    var attempts = 5
    /// Doubled after each attempt, and half of it left to chance, so that many clients do not come back at once.
    var delay: Duration = .milliseconds(500)
    /// What a server may ask for at most.
    var longest: Duration = .seconds(120)
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Answers that may be others next time.
    static let statuses: Set<Int> = [408, 429, 499, 500, 502, 503, 504]

    /// - Parameter attempt: how many there were, from 1.
    func wait(after attempt: Int, _ headers: HTTPHeaders?) async throws {
        let backoff = delay * Double(1 << (attempt - 1)) * Double.random(in: 0.5...1)
        let asked = headers?.first(name: "Retry-After").flatMap(Self.seconds).map { Duration.seconds($0) }
        try await sleep(min(max(backoff, asked ?? .zero), longest))
    }

    /// Seconds, or the time until a date.
    static func seconds(_ header: String) -> Int? {
        if let seconds = Int(header) { return max(0, seconds) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: header).map { max(0, Int($0.timeIntervalSinceNow.rounded(.up))) }
    }
}

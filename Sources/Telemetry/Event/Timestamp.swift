import Glibc

/// A time in nanoseconds since the beginning of 1970 in UTC.
public struct Timestamp: Equatable, Sendable {
    /// The nanoseconds.
    public var nanoseconds: Int

    /// Creates a time.
    ///
    /// - Parameter nanoseconds: The nanoseconds since the beginning of 1970 in UTC.
    public init(nanoseconds: Int) { self.nanoseconds = nanoseconds }

    /// The time of the system's clock.
    public static var now: Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(nanoseconds: now.tv_sec * 1_000_000_000 + now.tv_nsec)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The time in UTC with microseconds, as RFC 3339 defines it.
    public var description: String {
        var seconds = nanoseconds / 1_000_000_000
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        func two(_ value: Int32) -> String { padded(Int(value), 2) }
        let date = "\(padded(Int(parts.tm_year) + 1900, 4))-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        let fraction = padded(nanoseconds % 1_000_000_000 / 1000, 6)
        return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(fraction)Z"
    }
}

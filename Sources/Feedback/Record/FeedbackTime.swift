import Glibc

/// A time in milliseconds since the beginning of 1970 in UTC.
public struct FeedbackTime: Hashable, Sendable, Comparable {
    /// The milliseconds.
    public var milliseconds: Int

    /// Creates a time.
    ///
    /// - Parameter milliseconds: The milliseconds since the beginning of 1970 in UTC.
    public init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// The time of the system's clock.
    public static var now: FeedbackTime {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return FeedbackTime(milliseconds: now.tv_sec * 1000 + now.tv_nsec / 1_000_000)
    }

    /// Whether one time is before the other.
    ///
    /// - Parameters:
    ///   - a: One time.
    ///   - b: The other time.
    /// - Returns: Whether the first one is earlier.
    public static func < (a: FeedbackTime, b: FeedbackTime) -> Bool { a.milliseconds < b.milliseconds }

    /// Reads a time such as `2026-11-24T16:20:00.123Z`, or returns nil if the text is not one.
    ///
    /// - Parameter text: A time in UTC with milliseconds, as RFC 3339 defines it.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let marks: [(Int, UInt8)] = [
            (4, 0x2D), (7, 0x2D), (10, 0x54), (13, 0x3A), (16, 0x3A), (19, 0x2E), (23, 0x5A),
        ]
        guard bytes.count == 24, marks.allSatisfy({ bytes[$0] == $1 }) else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].allSatisfy { (0x30...0x39).contains($0) }
                ? bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let fraction = number(20..<23)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        let seconds = timegm(&parts)
        self.init(milliseconds: seconds * 1000 + fraction)
        // The system accepts a 31 February and moves it on; such a text is not a time.
        guard description == text else { return nil }
    }
}

extension FeedbackTime: CustomStringConvertible {
    /// The time in UTC with milliseconds, as RFC 3339 defines it.
    public var description: String {
        var seconds = milliseconds / 1000
        var fraction = milliseconds % 1000
        if fraction < 0 { (seconds, fraction) = (seconds - 1, fraction + 1000) }
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        func two(_ value: Int32) -> String { padded(Int(value), 2) }
        return "\(padded(Int(parts.tm_year) + 1900, 4))-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(padded(fraction, 3))Z"
    }
}

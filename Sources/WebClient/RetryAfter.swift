import Glibc

/// The header `Retry-After`: a number of seconds, or a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// - Source: RFC 9110, sections 5.6.7 and 10.2.3.
public enum RetryAfter {
    /// The milliseconds to wait, or nil if the header is neither a number nor a date.
    ///
    /// - Parameters:
    ///   - header: The value of the header, or nil.
    ///   - now: The time in milliseconds since the beginning of 1970 in UTC.
    /// - Returns: The milliseconds, or nil.
    public static func milliseconds(_ header: String?, now: Int = now) -> Int? {
        guard let header else { return nil }
        if let seconds = Double(header) {
            return seconds >= 0 && seconds.isFinite ? Int(min(seconds, 1e6) * 1000) : nil
        }
        return date(header).map { max(0, $0 - now) }
    }

    /// The time of the system's clock in milliseconds since the beginning of 1970 in UTC.
    public static var now: Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }

    /// A date of HTTP in milliseconds since the beginning of 1970, or nil if the text is not one.
    static func date(_ text: String) -> Int? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[1].utf8.count == 2, parts[3].utf8.count == 4,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        let texts = [parts[1], parts[3]] + clock
        guard clock.count == 3, clock.allSatisfy({ $0.utf8.count == 2 }),
            texts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = texts.map { Int32($0) ?? 0 }
        var time = tm()
        (time.tm_mday, time.tm_mon, time.tm_year) = (numbers[0], Int32(month), numbers[1] - 1900)
        (time.tm_hour, time.tm_min, time.tm_sec) = (numbers[2], numbers[3], numbers[4])
        let seconds = timegm(&time)
        // The system accepts a 31 February and moves it on; such a text is not a date.
        guard [time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec] == [numbers[0]] + numbers[2...] else { return nil }
        return seconds * 1000
    }
}

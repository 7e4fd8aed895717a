import Glibc
import NIOConcurrencyHelpers

/// The current time for the header `Date`, which changes once a second.
///
/// - Source: RFC 9110, section 5.6.7.
final class HTTPDate: Sendable {
    private let latest = NIOLockedValueBox((second: Int.min, text: ""))

    /// The time now, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    var now: String {
        let second = time(nil)
        return latest.withLockedValue { latest in
            if latest.second != second { latest = (second, Self.text(of: second)) }
            return latest.text
        }
    }

    /// A time as text.
    ///
    /// - Parameter second: The seconds since 1970.
    /// - Returns: The text, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(of second: Int) -> String {
        var second = time_t(second)
        var parts = tm()
        gmtime_r(&second, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(days[Int(parts.tm_wday)]), \(padded(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1900) \(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec)) GMT"
    }
}

import Foundation

/// Points in time as the documents of an image write them.
enum Timestamp {
    /// The time `seconds` after 1970 in the format of RFC 3339, always in UTC.
    static func rfc3339(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}

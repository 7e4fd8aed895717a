import Feedback

/// A date of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// - Source: RFC 9110, section 5.6.7.
struct HTTPTime {
    let time: FeedbackTime

    /// Reads a date, or returns nil if it is not one.
    init?(_ text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[1].utf8.count == 2, parts[3].utf8.count == 4,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        guard let time = FeedbackTime("\(parts[3])-\(number)-\(parts[1])T\(parts[4]).000Z") else { return nil }
        self.time = time
    }
}

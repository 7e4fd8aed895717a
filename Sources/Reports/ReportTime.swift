public import Feedback

/// Times as services write them.
public enum ReportTime {
    /// Reads a time of RFC 3339, with any number of digits after the second and any offset.
    ///
    /// - Parameter text: A time such as `2026-11-24T16:20:00Z` or `2026-11-24 17:20:00.1234567+01:00`.
    /// - Returns: The time, or nil if the text is not one. What is below a millisecond is cut.
    /// - Source: RFC 3339, section 5.6.
    public static func parse(_ text: String) -> FeedbackTime? {
        let pattern =
            /(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        let fraction = ((match.3.map(String.init) ?? "") + "000").prefix(3)
        guard let time = FeedbackTime("\(match.1)T\(match.2).\(fraction)Z") else { return nil }
        let minutes = (Int(match.6 ?? "0") ?? 0) * 60 + (Int(match.7 ?? "0") ?? 0)
        let offset = (match.5 == "-" ? -minutes : minutes) * 60_000
        return FeedbackTime(milliseconds: time.milliseconds - offset)
    }
}

extension ReportTime {
    /// The time of a CSV file of the Azure portal, such as `11/24/2026, 4:20:00.123 PM`, as RFC 3339 has it.
    static func fromPortal(_ text: String) -> String? {
        let pattern = /(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(\.\d{1,9})?\s?([AaPp])[Mm]/
        guard let match = text.wholeMatch(of: pattern), let hour = Int(match.4), (1...12).contains(hour) else {
            return nil
        }
        func two(_ text: some StringProtocol) -> String { text.count == 1 ? "0\(text)" : String(text) }
        let isAfternoon = match.8.lowercased() == "p"
        let hours = two("\(hour % 12 + (isAfternoon ? 12 : 0))")
        return "\(match.3)-\(two(match.1))-\(two(match.2))T\(hours):\(match.5):\(match.6)\(match.7 ?? "")Z"
    }
}

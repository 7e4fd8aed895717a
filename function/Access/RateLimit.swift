/// The number of requests that one client may send in a time.
struct RateLimit: Sendable, Equatable {
    /// The number of requests.
    let count: Int
    /// The time in nanoseconds.
    let period: Int64

    /// Reads `RATE_LIMIT`: a number and a time, such as `60/m`, or returns nil if it is not set.
    ///
    /// - Throws: `SettingsError` if it is not valid.
    init?(environment: Environment) throws(SettingsError) {
        guard let text = environment["RATE_LIMIT"] else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let seconds: [Substring: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count), let unit = seconds[parts[1]]
        else {
            throw SettingsError(
                name: "RATE_LIMIT", found: text,
                expected: "a number from 1 to 1000000 and s, m, h or d for second, minute, hour or day, such as 60/m")
        }
        self.init(count: count, period: unit * 1_000_000_000)
    }

    init(count: Int, period: Int64) { (self.count, self.period) = (count, period) }
}

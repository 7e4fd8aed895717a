/// How long a worker needs for a token, as measured lately.
struct ServiceRate {
    private var secondsPerToken: Double?

    /// The weight of the latest measurement in the average.
    private static let weight = 0.1

    /// A worker has computed texts.
    mutating func add(tokens: Int, seconds: Double) {
        let latest = seconds / Double(max(1, tokens))
        secondsPerToken = secondsPerToken.map { $0 + Self.weight * (latest - $0) } ?? latest
    }

    /// The time until `tokens` tokens are computed, in whole seconds from 1 to 120.
    ///
    /// It is 1 as long as nothing was measured.
    func seconds(for tokens: Int, workers: Int) -> Int {
        let seconds = Double(tokens) * (secondsPerToken ?? 0) / Double(workers)
        return Int(min(120, max(1, seconds.rounded(.up))))
    }
}

public import Feedback

/// When alerts are raised, and where they are sent.
public struct AlertSettings: Sendable, Equatable {
    /// When reports raise an alert.
    public var rule = AlertRule()
    /// The seconds in which a request waits for the alert that it has raised.
    public var answerSeconds = 5
    /// The milliseconds after which an alert that did not arrive is given up.
    public var longestAge = 24 * 60 * 60 * 1000
    /// The number of texts that are compared with those of the training, or 0 for none.
    public var driftTexts = 1000
    /// The probability of a false alarm about these texts.
    public var driftAlpha = 0.001
    /// Where alerts are sent, besides the log.
    public var channels: [AlertChannel] = []

    /// The usual settings, with the log as the only channel.
    public init() {}

    /// Whether alerts are raised at all.
    public var isOn: Bool { rule.threshold > 0 }

    /// Reads the settings.
    ///
    /// - Parameter value: The value of an environment variable, or nil if it is not set or empty.
    /// - Throws: `AlertSettingsError` for the first one whose value is not valid.
    public init(reading value: (String) -> String?) throws(AlertSettingsError) {
        if let text = value("ALERT_THRESHOLD") {
            guard let number = Int(text), (0...1000).contains(number) else {
                throw AlertSettingsError(
                    "ALERT_THRESHOLD", found: text, expected: "an integer from 1 to 1000, or 0 for no alerts")
            }
            rule.threshold = number
        }
        rule.window = try Self.duration("ALERT_WINDOW", 1...86_400, value) ?? rule.window
        rule.cooldown = try Self.duration("ALERT_COOLDOWN", 0...604_800, value) ?? rule.cooldown
        longestAge = try Self.duration("ALERT_MAX_AGE", 60...604_800, value) ?? longestAge
        answerSeconds = (try Self.duration("ALERT_TIMEOUT", 0...60, value)).map { $0 / 1000 } ?? answerSeconds
        if let text = value("DRIFT_WINDOW") {
            guard let number = Int(text), number == 0 || (100...1_000_000).contains(number) else {
                throw AlertSettingsError(
                    "DRIFT_WINDOW", found: text, expected: "an integer from 100 to 1000000, or 0 to compare nothing")
            }
            driftTexts = number
        }
        if let text = value("DRIFT_ALPHA") {
            guard let number = Double(text), (1e-9...0.1).contains(number) else {
                throw AlertSettingsError("DRIFT_ALPHA", found: text, expected: "a number from 0.000000001 to 0.1")
            }
            driftAlpha = number
        }
        if let email = try EmailSettings(reading: value) { channels.append(.email(email)) }
        for format in WebhookSettings.Format.allCases {
            if let webhook = try WebhookSettings(format, reading: value) { channels.append(.webhook(webhook)) }
        }
    }

    /// Reads a time such as `90`, `90s`, `5m`, `2h` or `1d`, in milliseconds.
    private static func duration(
        _ name: String, _ seconds: ClosedRange<Int>, _ value: (String) -> String?
    ) throws(AlertSettingsError) -> Int? {
        guard let text = value(name) else { return nil }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard let number = Int(digits), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            case (let product, let overflow) = number.multipliedReportingOverflow(by: unit ?? 1), !overflow,
            seconds.contains(product)
        else {
            throw AlertSettingsError(
                name, found: text,
                expected: "a time from \(seconds.lowerBound)s to \(seconds.upperBound)s, such as 90s, 5m or 2h")
        }
        return product * 1000
    }
}

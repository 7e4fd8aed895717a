public import Feedback
public import JSON

/// What an alert says, before a channel gives it its own form.
public struct AlertMessage: Sendable {
    /// The alert.
    public let alert: Alert
    /// The reports of the alert, as far as they are still known.
    public let reports: [FeedbackExcerpt]
    /// The name of the model.
    public let model: String
    /// The version of Pinson.
    public let version: String
    /// The instance that sends it.
    public let instance: String
    /// The number of reports that raise an alert.
    public let threshold: Int

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - reports: Its reports, as far as they are still known, in the order of the alert.
    ///   - model: The name of the model.
    ///   - version: The version of Pinson.
    ///   - instance: The instance that sends it.
    ///   - threshold: The number of reports that raise an alert.
    public init(
        _ alert: Alert, reports: [FeedbackExcerpt], model: String, version: String, instance: String, threshold: Int
    ) {
        (self.alert, self.reports, self.model, self.version) = (alert, reports, model, version)
        (self.instance, self.threshold) = (instance, threshold)
    }

    /// A message that only shows whether alerts arrive.
    ///
    /// - Parameters:
    ///   - version: The version of Pinson.
    ///   - instance: The machine that sends it.
    /// - Returns: The message.
    public static func test(version: String, instance: String) -> AlertMessage {
        let alert = Alert(.test, channels: [], time: .now)
        return AlertMessage(alert, reports: [], model: "none", version: version, instance: instance, threshold: 0)
    }

    /// What has happened, in one sentence.
    public var title: String {
        switch alert.cause {
        case .test: return "This is a test of the alerts of Pinson. Nothing is wrong."
        case .drift: return "The texts or the predictions of '\(model)' have changed since its training."
        case .reports:
            let count = alert.reports.count
            let times = reports.map(\.time)
            guard let first = times.min(), let last = times.max(), times.count == count, first < last else {
                return "\(count) wrong predictions of '\(model)' were reported."
            }
            return "\(count) wrong predictions of '\(model)' were reported within "
                + "\(Self.duration(last.milliseconds - first.milliseconds))."
        }
    }

    /// The most important facts, one a line, without the texts of the reports.
    public var facts: [(name: String, value: String)] {
        var facts = [("Model", model), ("Version", version), ("Instance", instance), ("Time", "\(alert.time)")]
        if case .object(let members) = alert.facts {
            for member in members {
                if case .string(let text) = member.value { facts.append((member.key, text)) }
            }
        }
        facts.append(("Alert", "\(alert.id)"))
        return facts
    }

    /// Everything that the alert says, for programs.
    public var json: JSON {
        let reports: [JSON] = reports.enumerated().map { index, report in
            var members: [(String, JSON)] = [
                ("id", .number(Double(index + 1))), ("tweet", .string(report.text)),
                ("incorrect_prediction", .string(report.predicted)),
                ("tweet_length", report.length.map { .number(Double($0)) } ?? .null),
                ("score", .number(report.score)), ("time", .string("\(report.time)")),
            ]
            if let expected = report.expected { members.append(("expected_label", .string(expected))) }
            return .object(members.map { .init(key: $0.0, value: $0.1) })
        }
        return [
            "report_generated_on": .string("\(alert.time)"), "alert": .string("\(alert.id)"),
            "cause": .string(alert.cause.rawValue), "title": .string(title),
            "reports_amount": .number(Double(alert.reports.count)), "reports": .array(reports), "facts": alert.facts,
            "metadata": [
                "model": .string(model), "api_version": .string(version), "instance": .string(instance),
                "reporting_threshold": .number(Double(threshold)),
            ],
        ]
    }

    /// A duration for people, such as `4 min 59 s`.
    static func duration(_ milliseconds: Int) -> String {
        let seconds = (milliseconds + 500) / 1000
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")].filter { $0.0 > 0 }
        return parts.isEmpty ? "a second" : parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}

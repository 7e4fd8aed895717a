import Feedback
import JSON
import NIOHTTP1
import Telemetry

extension Recorder {
    /// The members of log lines that hold texts of users, or what users have written about them.
    private static let textMembers = ["text", "texts", "comment"]

    /// Tells servers of a request that was answered, unless a platform sends it at short intervals.
    func tell(_ request: Request, _ route: Route, _ status: HTTPResponseStatus, _ nanoseconds: Int) {
        guard let telemetry, !route.isProbe else { return }
        let answered = AnsweredRequest(
            method: request.method.rawValue, scheme: request.scheme, host: request.host,
            path: String(request.path.prefix(200)), route: route.name, status: Int(status.code),
            duration: nanoseconds, id: request.id)
        let start = Timestamp(nanoseconds: Timestamp.now.nanoseconds - nanoseconds)
        telemetry.record(TelemetryEvent(.request(answered), trace: request.trace, time: start))
    }

    /// Tells servers of a line of the log, unless it is of little importance.
    func tell(
        _ severity: Severity, _ message: String, _ fields: [String: JSON], trace: Trace?, exception: String?
    ) {
        guard let telemetry, severity >= .warning else { return }
        let content: TelemetryEvent.Content =
            if let exception { .exception(type: exception, message: message, severity) } else {
                .message(message, severity)
            }
        telemetry.record(
            TelemetryEvent(content, attributes(fields.map { JSON.Member(key: $0.key, value: $0.value) }), trace: trace))
    }

    /// Tells servers of a report, by the names that earlier systems have given to it.
    ///
    /// Their queries, rules and workbooks look for these messages and members.
    func tell(_ record: FeedbackRecord, trace: Trace?) {
        guard let telemetry, case .object(let members) = record.json else { return }
        let message = TelemetryEvent.Content.message("prediction_feedback_reported", .warning)
        telemetry.record(TelemetryEvent(message, attributes(members), trace: trace))
        guard record.isCorrect == false else { return }
        var more = [Attribute("prediction", record.predicted), Attribute("probability", .double(record.score))]
        if settings.telemetry.sendsText, case .text(let text) = record.content {
            more.insert(Attribute("tweet", text), at: 0)
        }
        telemetry.record(TelemetryEvent(.message("Bad prediction", .warning), more, trace: trace))
    }

    /// The members of a line as attributes, without texts unless the settings allow them.
    private func attributes(_ members: [JSON.Member]) -> [Attribute] {
        var attributes: [Attribute] = []
        for member in members where settings.telemetry.sendsText || !Self.textMembers.contains(member.key) {
            let value: Attribute.Value =
                switch member.value {
                case .string(let text): .string(text)
                case .bool(let value): .bool(value)
                case .number(let number):
                    if member.key != "score", let whole = Int(exactly: number) {
                        .integer(whole)
                    } else {
                        .double(number)
                    }
                default: .string(Self.text(member.value))
                }
            attributes.append(Attribute(member.key, value))
        }
        return attributes
    }

    private static func text(_ json: JSON) -> String {
        var writer = JSONWriter()
        writer.value(json)
        return writer.text
    }
}

extension Log {
    /// Says how the delivery of telemetry is doing.
    ///
    /// It goes to the log alone.
    func write(_ event: DeliveryEvent) {
        switch event {
        case .failing(let counts, let reason, let pause):
            write(
                .warning,
                "Telemetry cannot be sent to \(counts.destination). \(reason) \(counts.waiting) events wait. The function "
                    + "tries again in \((pause + 999) / 1000) s, and does not repeat this message.", [:])
        case .recovered(let counts, let lost):
            write(
                .notice, "Telemetry is sent to \(counts.destination) again. \(lost) events were lost meanwhile.",
                ["lost": .number(Double(lost))])
        case .rejected(let counts, let status, let count):
            write(
                .warning,
                "\(counts.destination) answers with status \(status), and rejects \(count) events. Check its address, "
                    + "its key, and its limits.", [:])
        case .left(let counts):
            write(
                .warning,
                "\(counts.left) events for \(counts.destination) were left when the function ended, and are lost.",
                ["lost": .number(Double(counts.left))])
        }
    }
}

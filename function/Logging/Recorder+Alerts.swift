import Alerts
import Feedback
import JSON
import Telemetry

extension Recorder {
    /// Something has happened to an alert.
    func alert(_ event: AlertEvent) {
        switch event {
        case .raised(let alert): count { $0.countAlert(alert.cause) }
        case .logged(let message):
            count { $0.countDelivery("log", "delivered") }
            write(.error, "prediction_alert", fields(message))
        case .delivered(let alert, let channel, let remark):
            count { $0.countDelivery(channel, "delivered") }
            let end = remark.map { " \($0)" } ?? ""
            write(
                remark == nil ? .notice : .warning, "Alert \(alert.number) was sent through \(channel).\(end)",
                ["alert": .string("\(alert.id)")])
        case .failed(let alert, let channel, let failure, let attempt, let pause):
            count { $0.countDelivery(channel, "failed") }
            write(
                .error,
                "Alert \(alert.number) could not be sent through \(channel). \(failure) The function tries again in "
                    + "\((pause + 999) / 1000) s.",
                ["alert": .string("\(alert.id)"), "attempt": .number(Double(attempt))], exception: "DeliveryFailure")
        case .givenUp(let alert, let channel, let attempts):
            count { $0.countDelivery(channel, "given_up") }
            write(
                .critical,
                "Alert \(alert.number) was not sent through \(channel), and is too old now. There were \(attempts) "
                    + "attempts. Run `pinson alerts test` with the same settings.", ["alert": .string("\(alert.id)")])
        case .interrupted(let alert, let channel):
            count { $0.countDelivery(channel, "interrupted") }
            write(
                .warning,
                "A process has ended while it was sending alert \(alert.number) through \(channel). It is sent again, so it "
                    + "may arrive twice.", ["alert": .string("\(alert.id)")])
        case .volumeFailed(let reason): write(.error, "Alerts cannot be kept. \(reason)", [:], exception: "FileError")
        }
    }

    /// The members of the line of an alert.
    ///
    /// Rules of other systems look for them.
    private func fields(_ message: AlertMessage) -> [String: JSON] {
        var fields: [String: JSON] = [
            "alert": .string("\(message.alert.id)"), "number": .number(Double(message.alert.number)),
            "cause": .string(message.alert.cause.rawValue), "title": .string(message.title),
            "model": .string(message.model), "reports_amount": .number(Double(message.alert.reports.count)),
            "reports": .array(message.alert.reports.prefix(20).map { .string("\($0)") }), "facts": message.alert.facts,
        ]
        if logsText { fields["texts"] = .array(message.reports.prefix(20).map { .string($0.text) }) }
        return fields
    }
}

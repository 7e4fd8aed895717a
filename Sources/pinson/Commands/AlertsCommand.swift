import Alerts
import ArgumentParser
import ContainerImage
import Feedback
import Foundation
import ModelFile
import NIOCore
import NIOPosix
import WebClient

struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "Tries whether alerts of the function arrive.", subcommands: [TestAlerts.self])
}

struct TestAlerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends a test alert through every channel that is set up.",
        discussion: """
            The channels are those of the environment variables of the function: SMTP_SERVER, SMTP_PORT, SMTP_SECURITY, \
            SMTP_EMAIL, SMTP_USER, SMTP_PASSWORD, SMTP_FROM_ALIAS and ADMIN_EMAIL for e-mails, and ALERT_SLACK_URL, \
            ALERT_MATTERMOST_URL, ALERT_DISCORD_URL, ALERT_TEAMS_URL, ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET for chats \
            and programs.

            For a channel that fails, it prints the step that failed, what the server said, and what to do. The exit code is \
            3 then. Each channel is tried once, and secrets are not printed.
            """)

    @Flag(help: "Print the results as JSON.")
    var json = false

    /// What became of the message on one channel.
    private struct Outcome: Encodable {
        let channel: String
        let destination: String
        let arrived: Bool
        let seconds: Double
        var remark: String?
        var step: String?
        var reason: String?
        var advice: String?
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let settings = try AlertSettings { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard !settings.channels.isEmpty else {
            throw ValidationError(
                "No channel is set up. Set ADMIN_EMAIL, SMTP_SERVER and SMTP_EMAIL for e-mails, or the address of a webhook "
                    + "such as ALERT_SLACK_URL.")
        }
        let message = AlertMessage.test(version: pinsonVersion, instance: FeedbackInstance.current.name)
        var outcomes: [Outcome] = []
        for channel in settings.channels { outcomes.append(await send(message, through: channel)) }
        if json { try printJSON(outcomes) } else { outcomes.forEach(show) }
        if outcomes.contains(where: { !$0.arrived }) { throw ExitCode(3) }
    }

    private func send(_ message: AlertMessage, through channel: AlertChannel) async -> Outcome {
        let start = ContinuousClock.now
        func outcome(_ arrived: Bool) -> Outcome {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            return Outcome(
                channel: channel.name, destination: channel.destination, arrived: arrived,
                seconds: (seconds * 1000).rounded() / 1000)
        }
        do {
            let remark = try await channel.send(message, on: MultiThreadedEventLoopGroup.singleton.next()).get()
            var result = outcome(true)
            result.remark = remark
            return result
        } catch {
            let failure =
                error as? DeliveryFailure
                ?? DeliveryFailure(step: "Send", reason: "\(error).", advice: "Check the network and the server.")
            var result = outcome(false)
            (result.step, result.reason, result.advice) = (failure.step, failure.reason, failure.advice)
            return result
        }
    }

    private func show(_ outcome: Outcome) {
        let place = "\(outcome.channel)  \(outcome.destination)".singleLine
        if outcome.arrived {
            print("\(place)\n  sent in \(String(format: "%.1f", outcome.seconds)) s")
            if let remark = outcome.remark { print("  remark: \(remark)".singleLine) }
        } else {
            print("\(place)\n  failed at: \(outcome.step ?? "")")
            print("  reason:    \(outcome.reason ?? "")".singleLine)
            print("  next step: \(outcome.advice ?? "")".singleLine)
        }
    }
}

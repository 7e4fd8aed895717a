import Fixtures
import Foundation
import Glibc
import Testing

/// Alerts of real functions on their way to real servers: across failures, restarts, and several instances.
@Suite(
    .serialized,
    .enabled(
        if: Workplace.hasBinaries && AlertServer.canReceiveMail, "needs the binaries of `make build` and aiosmtpd"))
struct AlertDeliveryTests {
    /// Folders for the volume, for what the server accepts, and for logs.
    private struct Place {
        let folder: URL
        var volume: URL { folder.appendingPathComponent("volume") }
        var mail: URL { folder.appendingPathComponent("mail") }

        func function(_ environment: [String: String], _ name: String = "log") throws -> FunctionProcess {
            let settings = ["FEEDBACK_DIR": volume.path, "CONCURRENCY": "1", "LOG_LEVEL": "notice"]
            return try FunctionProcess(
                settings.merging(environment) { $1 }, log: folder.appendingPathComponent(name))
        }
    }

    private func with(_ body: (Place) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let place = Place(folder: folder)
            for new in [place.volume, place.mail] {
                try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true)
            }
            try body(place)
        }
    }

    @discardableResult
    private func report(_ function: FunctionProcess, _ text: String) throws -> Bool? {
        try Client.request(
            port: function.port, "POST", "/report_error",
            body: #"{"tweet":"\#(text)","prediction":"positive","probability":0.9}"#
        ).json()["report_sent"] as? Bool
    }

    private func count(_ function: FunctionProcess, _ text: String) -> Int {
        function.lines.count { $0.contains(text) }
    }

    private func waitForLine(_ function: FunctionProcess, _ text: String) {
        for _ in 0..<300 where count(function, text) == 0 { usleep(100_000) }
    }

    @Test("The third report sends an e-mail with the texts, and says so")
    func anEmail() throws {
        try with { place in
            let server = try AlertServer.mail(in: place.mail, "starttls")
            let function = try place.function(server.mailEnvironment())
            let answers = try (0..<4).map { try report(function, "late \($0)") }
            #expect(answers == [false, false, true, false])
            #expect(server.accepted.count == 1 && server.accepted.first?.content.contains("1. late 0") == true)
            #expect(function.terminate() == 0)
            for line in function.lines { #expect(!line.contains("right") && !line.contains("late ")) }
        }
    }

    @Test("While the mail server is away, the alert waits; it arrives once when the server is back")
    func theServerIsAway() throws {
        try with { place in
            var server = try AlertServer.mail(in: place.mail, "starttls")
            let port = server.port
            server.stop()
            let function = try place.function(server.mailEnvironment())
            for index in 0..<3 { #expect(try report(function, "late \(index)") == false) }
            waitForLine(function, "could not be sent through email. Connect: ")
            server = try AlertServer.mail(in: place.mail, port: port, "starttls")
            server.waitForAccepted(1)
            #expect(function.terminate() == 0)
            #expect(server.accepted.count == 1)
        }
    }

    @Test("An alert that is put off arrives once", arguments: ["starttls,greylist", "http"])
    func greylisting(kind: String) throws {
        try with { place in
            let server =
                kind == "http"
                ? try AlertServer("http", in: place.mail, ["429", "500", "200"])
                : try AlertServer.mail(in: place.mail, kind)
            let environment =
                kind == "http"
                ? ["ALERT_WEBHOOK_URL": "http://127.0.0.1:\(server.port)/"] : server.mailEnvironment()
            let function = try place.function(environment)
            for index in 0..<3 { #expect(try report(function, "late \(index)") == false) }
            server.waitForAccepted(1)
            #expect(function.terminate() == 0)
            #expect(server.accepted.count == 1)
            #expect(count(function, "could not be sent") == (kind == "http" ? 2 : 1))
        }
    }

    @Test(
        "A function that is killed while it sends is followed by the next one, whose log says that it may arrive twice")
    func aKillWhileSending() throws {
        try with { place in
            var server = try AlertServer.mail(in: place.mail, "starttls,hang")
            let port = server.port
            let environment = server.mailEnvironment()
            let first = try place.function(environment.merging(["ALERT_TIMEOUT": "0"]) { $1 })
            for index in 0..<3 { try report(first, "late \(index)") }
            #expect(server.waitUntilItHangs())
            first.kill()
            server.stop()
            server = try AlertServer.mail(in: place.mail, port: port, "starttls")
            let second = try place.function(environment, "second")
            server.waitForAccepted(1)
            waitForLine(second, "was sent through email")
            #expect(second.terminate() == 0)
            #expect(server.accepted.count == 1)
            #expect(count(second, "it may arrive twice") == 1 && count(second, "prediction_alert") == 0)
        }
    }

    @Test("A window continues across a restart")
    func aRestart() throws {
        try with { place in
            let server = try AlertServer.mail(in: place.mail, "starttls")
            let first = try place.function(server.mailEnvironment())
            for index in 0..<2 { try report(first, "late \(index)") }
            first.kill()
            let second = try place.function(server.mailEnvironment())
            #expect(try report(second, "late 2") == true)
            #expect(second.terminate() == 0)
            #expect(server.accepted.count == 1)
        }
    }

    @Test("Instances on one volume send one alert", arguments: [2, 10])
    func severalInstances(count: Int) throws {
        try with { place in
            let server = try AlertServer.mail(in: place.mail, "starttls")
            let functions = try (0..<count).map { try place.function(server.mailEnvironment(), "log\($0)") }
            let ports = functions.map(\.port)
            DispatchQueue.concurrentPerform(iterations: max(count, 3)) { index in
                _ = try? Client.request(
                    port: ports[index % count], "POST", "/report_error",
                    body: #"{"tweet":"late","prediction":"positive","probability":0.9}"#)
            }
            server.waitForAccepted(1)
            for function in functions { #expect(function.terminate() == 0) }
            #expect(server.accepted.count == 1)
            #expect(functions.reduce(0) { $0 + self.count($1, "\"prediction_alert\"") } == 1)
        }
    }

    @Test("Functions that are killed at any time lose no alert and send none twice without a word")
    func killsAtAnyTime() throws {
        try with { place in
            let server = try AlertServer("http", in: place.mail, ["200"])
            let environment = [
                "ALERT_WEBHOOK_URL": "http://127.0.0.1:\(server.port)/", "ALERT_COOLDOWN": "0", "ALERT_TIMEOUT": "0",
            ]
            var random = Seeded(3)
            var interruptions = 0
            for round in 0..<15 {
                let function = try place.function(environment, "log\(round)")
                for index in 0..<3 { try report(function, "\(round).\(index)") }
                usleep(UInt32.random(in: 0..<15_000, using: &random))
                function.kill()
                interruptions += count(function, "it may arrive twice")
            }
            let last = try place.function(environment, "last")
            // An alert may hold reports of two rounds. In the end, one or two reports may be too few for another alert.
            func reports() -> [String] {
                server.accepted.flatMap { alert -> [String] in
                    let json = try? JSONSerialization.jsonObject(with: Data(alert.content.utf8)) as? [String: Any]
                    return (json?["reports"] as? [[String: Any]] ?? []).compactMap { $0["tweet"] as? String }
                }
            }
            for _ in 0..<300 where Set(reports()).count < 43 { usleep(100_000) }
            usleep(500_000)
            #expect(last.terminate() == 0)
            interruptions += count(last, "it may arrive twice")
            #expect(Set(reports()).count >= 43)
            let names = server.accepted.map { ($0.about["headers"] as? [String: String])?["idempotency-key"] }
            #expect(names.count - Set(names).count <= interruptions)
            print("\(names.count) alerts, \(interruptions) interrupted")
        }
    }
}

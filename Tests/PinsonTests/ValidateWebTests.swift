import Fixtures
import Foundation
import Glibc
import Testing

/// `feedback validate --web` as a real server.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ValidateWebTests {
    @Test func aReportIsDecidedInTheBrowserAndTheEndWritesTheTable() throws {
        try Workplace.withFolder { folder in
            let report =
                #"{"text":"late","predicted_label":"positive","score":0.7,"expected_label":"negative","time":"2026-11-24T16:20:00Z"}"#
            try Data((report + "\n").utf8).write(to: folder.appendingPathComponent("r.jsonl"))
            let process = Process()
            process.executableURL = Workplace.binary("pinson")
            process.currentDirectoryURL = folder
            process.arguments = ["feedback", "validate", "r.jsonl", "-o", "v.csv", "--annotator", "ana", "--web"]
            let log = folder.appendingPathComponent("log")
            try Data().write(to: log)
            process.standardError = try FileHandle(forWritingTo: log)
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            var address: (port: Int, token: String)?
            let end = Date(timeIntervalSinceNow: 60)
            while address == nil, Date() < end {
                let text = try String(contentsOf: log, encoding: .utf8)
                address = text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/([0-9a-f]{32})\//).map {
                    (Int($0.1) ?? 0, String($0.2))
                }
                usleep(20_000)
            }
            let (port, token) = try #require(address)
            func ask(_ method: String, _ path: String, _ body: String = "") throws -> HTTPAnswer {
                try Client.request(port: port, method, path, body: body)
            }
            #expect(try ask("GET", "/").status != 200)
            // The client of the tests states no port in `Host`, as a page of another website could not either.
            #expect(try ask("GET", "/\(token)/").status == 403)
            let client = try Client(port: port)
            func send(_ method: String, _ path: String, _ body: String = "") throws -> HTTPAnswer {
                client.send(
                    "\(method) /\(token)/\(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
                        + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                return try #require(client.readResponse())
            }
            let page = try send("GET", "")
            #expect(page.status == 200 && page.body.contains("review.js"))
            #expect(try send("GET", "base.css").body.contains("--accent"))
            #expect(try send("GET", "state").body.contains(#""text":"late""#))
            #expect(try send("POST", "act", #"{"action":"confirm"}"#).body.contains(#""done":1"#))
            #expect(try send("POST", "act", #"{"action":"quit"}"#).body.contains(#""isEnded":true"#))
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let table = try String(contentsOf: folder.appendingPathComponent("v.csv"), encoding: .utf8)
            #expect(table.contains(",late,negative,positive,0.7,,2026-11-24T16:20:00.000Z,confirmed,ana,"))
        }
    }
}

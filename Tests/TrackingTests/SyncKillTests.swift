import Fixtures
import Foundation
import Testing

@testable import Tracking

/// `pinson track sync` and the server are killed at random moments, and each run arrives exactly once all the same.
@Suite(
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"),
    .enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct SyncKillTests {
    /// How often something is killed; the environment variable KILLS asks for more, such as 200.
    private static let kills = Int(ProcessInfo.processInfo.environment["KILLS"] ?? "") ?? 10

    private func sync(in place: URL, _ server: MLflowProcess) throws -> Process {
        let process = Process()
        process.executableURL = Workplace.binary("pinson")
        process.arguments = ["track", "sync"]
        process.currentDirectoryURL = place
        process.environment = ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(server.port)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test func eachRunArrivesOnceHoweverOftenSomethingIsKilled() throws {
        try Workplace.withFolder { place in
            let server = try MLflowProcess(in: place)
            defer { server.kill() }
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            var runs: [Run] = []
            var random = Seeded(17)
            var (kills, serverKills) = (0, 0)
            while kills < Self.kills {
                // There must be something left to send.
                runs += try SentRuns.record(in: folder, in: place, name: "run \(runs.count)")
                let process = try sync(in: place, server)
                usleep(UInt32.random(in: 5_000...500_000, using: &random))
                guard process.isRunning else { continue }
                kills += 1
                if Bool.random(using: &random) {
                    kill(process.processIdentifier, SIGKILL)
                } else {
                    // It asks again for a while, so it may go on with the new server.
                    serverKills += 1
                    server.kill()
                    try server.start()
                }
                process.waitUntilExit()
            }
            let last = try sync(in: place, server)
            last.waitUntilExit()
            #expect(last.terminationStatus == 0)
            try SentRuns.check(on: server, runs)
            #expect(serverKills > 0 && serverKills < kills)
            print(
                "killed pinson \(kills - serverKills) times and the server \(serverKills) times; sent \(runs.count) runs"
            )
        }
    }
}

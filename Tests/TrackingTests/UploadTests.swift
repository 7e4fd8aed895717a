import Fixtures
import Foundation
import Testing

@testable import Tracking

/// Runs of a folder, sent to a real server.
@Suite(.serialized, .enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct UploadTests {
    /// How often the server is killed; each new start takes some seconds.
    private static let kills = 2

    @Test func thePythonClientReadsWhatWasSent() async throws {
        try await Workplace.withFolder { place in
            let server = try MLflowProcess(in: place)
            defer { server.kill() }
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let runs = try SentRuns.record(in: folder, in: place, name: "one")
            let upload = RunUpload(from: folder, to: try server.mlflow())
            var outcomes: [RunUpload.Outcome] = []
            try await upload.sendAll { outcomes.append($1) }
            try await upload.sendAll { outcomes.append($1) }
            #expect(outcomes.count == 4 && outcomes[2...] == [.known, .known], "\(outcomes)")
            try SentRuns.check(on: server, runs)
        }
    }

    /// The server is killed at random moments, until everything is there; then everything is there once.
    ///
    /// This server keeps its runs in files. `SyncKillTests` has one with a database.
    @Test func eachRunArrivesOnceHoweverOftenTheServerIsKilled() async throws {
        try await Workplace.withFolder { place in
            let server = try MLflowProcess(in: place, store: place.appendingPathComponent("store").path)
            defer { server.kill() }
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            var runs: [Run] = []
            for index in 0..<4 { runs += try SentRuns.record(in: folder, in: place, name: "run \(index)") }
            let patience = Patience(attempts: 2, delay: .milliseconds(10), silence: .seconds(20))
            let upload = RunUpload(from: folder, to: try server.mlflow(patience: patience))
            var random = Seeded(11)
            var (isDone, kills) = (false, 0)
            while !isDone {
                let killer = Task.detached {
                    [wait = UInt64.random(in: 20_000_000...900_000_000, using: &random), kills] in
                    try await Task.sleep(nanoseconds: wait)
                    if kills < Self.kills { server.kill() }
                }
                isDone = (try? await upload.sendAll { _, _ in }) != nil
                if isDone { killer.cancel() }
                _ = try? await killer.value
                kills += 1
                if !isDone || kills <= Self.kills { try server.start() }
            }
            try await upload.sendAll { _, outcome in #expect(outcome == .known) }
            try SentRuns.check(on: server, runs)
        }
    }
}

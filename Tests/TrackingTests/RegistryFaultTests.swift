import Fixtures
import Foundation
import Synchronization
import Testing

@testable import Tracking

/// Registered models on servers that lose answers, or that another client changes at the worst moment.
@Suite struct RegistryFaultTests {
    private static func version(_ number: String) -> String {
        #"{"name":"air","version":"\#(number)","source":"s","run_id":"r","creation_timestamp":1}"#
    }

    /// The server creates the version, and the answer gets lost.
    @Test func aVersionWhoseAnswerIsLostIsFoundAgain() async throws {
        let server = try FakeServer { request, number in
            if request.path.hasSuffix("model-versions/create") { return nil }
            let found = number == 0 ? "" : Self.version("4")
            return .init(body: #"{"model_versions":[\#(found)]}"#)
        }
        let version = try await server.mlflow().create(NewModelVersion(name: "air", source: "s", run: "r"))
        #expect(version.version == "4")
        #expect(server.requests.count { $0.path.hasSuffix("model-versions/create") } == 1)
        try await server.stop()
    }

    /// The other client does not ask for the claim, and moves the alias right after it was set.
    @Test func aChangeRightAfterwardsIsNoticed() async throws {
        let claim = Mutex("")
        let server = try FakeServer { request, _ in
            if request.path.contains("registered-models/alias?") {
                let isMoved = claim.withLock { $0.hasSuffix("moved") }
                return .init(body: #"{"model_version":\#(Self.version(isMoved ? "9" : "1"))}"#)
            }
            if request.path.hasSuffix("registered-models/alias") { claim.withLock { $0 += "moved" } }
            if request.path.hasSuffix("registered-models/set-tag") {
                let tag = try? JSONDecoder().decode([String: String].self, from: request.body)
                claim.withLock { $0 = tag?["key"] ?? "" }
            }
            let key = claim.withLock(\.self)
            return .init(body: #"{"registered_model":{"name":"air","tags":[{"key":"\#(key)","value":"1"}]}}"#)
        }
        let version = ModelVersion(name: "air", version: "2", source: "s", run: "r", tags: [:], aliases: [])
        let outcome = try await Champion(of: "air", on: server.mlflow()).promote(version, over: "1")
        #expect(outcome == .overtaken(by: "9"))
        // Neither the history nor the version says that it was champion, and the claim is given back.
        #expect(!server.requests.contains { $0.path.contains("model-versions/set-tag") })
        #expect(server.requests.count { $0.path.hasSuffix("registered-models/set-tag") } == 1)
        #expect(server.requests.last?.path.hasSuffix("delete-tag") == true)
        try await server.stop()
    }

    @Test(arguments: ["", "a/b", "a:b", "a\nb", String(repeating: "x", count: 257)])
    func aNameThatMLflowDoesNotAcceptIsRefused(name: String) {
        #expect(throws: TrackingError.self) { try RegisteredModel.check(name: name) }
    }

    @Test func aNameWithSpacesAndAccentsIsAccepted() throws { try RegisteredModel.check(name: "Air Paradis é @2") }
}

import Foundation
import NIOHTTP1
import Testing

@testable import Tracking

@Suite struct LogAnalyticsTests {
    private static let quick = Patience(
        attempts: 3, delay: .milliseconds(1), longestDelay: .milliseconds(20), silence: .seconds(20))

    private func service(_ port: Int, _ resource: LogAnalytics.Resource = .workspace("a1-b2")) throws -> LogAnalytics {
        try LogAnalytics(
            resource, ["AZURE_MONITOR_TOKEN": "s3cret-token", "AZURE_MONITOR_ENDPOINT": "http://127.0.0.1:\(port)"],
            patience: Self.quick)
    }

    @Test func theQueryAndTheTokenAreSentToTheWorkspace() async throws {
        let server = try FakeServer { _, _ in .init(body: #"{"tables":[]}"#) }
        let answer = try await service(server.port).answer("AppTraces | take 1")
        #expect(String(decoding: answer, as: UTF8.self) == #"{"tables":[]}"#)
        _ = try await service(server.port, .application("c3")).answer("traces")
        #expect(server.requests.map(\.path) == ["/v1/workspaces/a1-b2/query", "/v1/apps/c3/query"])
        let request = try #require(server.requests.first)
        #expect(request.method == "POST" && request.headers.first(name: "Authorization") == "Bearer s3cret-token")
        #expect(try JSONDecoder().decode([String: String].self, from: request.body) == ["query": "AppTraces | take 1"])
    }

    @Test func aBusyServiceIsAskedAgain() async throws {
        let server = try FakeServer { _, number in
            number < 2 ? .init(status: number == 0 ? 429 : 503, headers: ["Retry-After": "0"]) : .init(body: "{}")
        }
        #expect(try await service(server.port).answer("q").count == 2 && server.requests.count == 3)
    }

    @Test(arguments: [(401, "it lasts about an hour"), (404, "Check the identifier"), (400, "Check the query")])
    func aRefusalSaysWhatToDoAndRepeatsNoToken(status: Int, advice: String) async throws {
        let server = try FakeServer { _, _ in
            .init(status: status, body: #"{"error":{"code":"X","message":"no s3cret-token here"}}"#)
        }
        let error = await #expect(throws: TrackingError.self) { try await service(server.port).answer("q") }
        let text = error?.description ?? ""
        #expect(text.contains("the service answered \(status)") && text.contains(advice), "\(text)")
        #expect(text.contains("no [redacted] here") && !text.contains("s3cret"), "\(text)")
        #expect(error?.isOutside == true && server.requests.count == 1)
    }

    @Test func aServiceThatCannotBeReachedIsNamed() async throws {
        let port = try FakeServer { _, _ in nil }.port
        let error = await #expect(throws: TrackingError.self) { try await service(port).answer("q") }
        #expect(error?.description.contains("AZURE_MONITOR_ENDPOINT") == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ([:], "a", "AZURE_MONITOR_TOKEN"), (["AZURE_MONITOR_TOKEN": "t\n"], "a", "AZURE_MONITOR_TOKEN"),
        (["AZURE_MONITOR_TOKEN": "t"], "a/../b", "the identifier"),
        (["AZURE_MONITOR_TOKEN": "t", "AZURE_MONITOR_ENDPOINT": "http://example.com"], "a", "AZURE_MONITOR_ENDPOINT"),
        (
            ["AZURE_MONITOR_TOKEN": "t", "AZURE_MONITOR_ENDPOINT": "https://u:p@example.com"], "a",
            "AZURE_MONITOR_ENDPOINT"
        ),
    ])
    func whatIsNotValidIsRefusedBeforeAnythingIsSent(
        environment: [String: String], workspace: String, name: String
    ) {
        let error = #expect(throws: TrackingError.self) { try LogAnalytics(.workspace(workspace), environment) }
        #expect(error?.description.hasPrefix(name) == true, "\(error?.description ?? "")")
    }

    @Test func anAddressOfAzureWithoutAnAccountTakesThatOfTheEnvironment() throws {
        let place = try AzureStore.Place(container: "c", folder: "f", ["AZURE_STORAGE_ACCOUNT": "finch"])
        #expect(place == .init(endpoint: "https://finch.blob.core.windows.net", container: "c", folder: "f"))
        #expect(throws: TrackingError.self) { try AzureStore.Place(container: "c", folder: "f", [:]) }
        #expect(throws: TrackingError.self) {
            try AzureStore.Place(container: "c", folder: "f", ["AZURE_STORAGE_ACCOUNT": "a.example.com/"])
        }
    }
}

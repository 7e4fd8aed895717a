import Fixtures
import Foundation
import NIOHTTP1
import Testing

@testable import Tracking

/// Servers that are slow, refuse, break off, or want to know too much.
@Suite struct ServerFaultTests {
    private static let found = FakeServer.Response(body: #"{"experiment":{"experiment_id":"7"}}"#)

    @Test(arguments: [429, 500, 502, 503, 504, 408])
    func aRequestIsRepeatedWhenThatMayHelp(status: Int) async throws {
        let server = try FakeServer { _, number in
            number < 2 ? .init(status: status, headers: ["Retry-After": "0"]) : Self.found
        }
        #expect(try await server.mlflow().experiment(named: "a") == "7")
        #expect(server.requests.count == 3)
        try await server.stop()
    }

    @Test func aConnectionThatBreaksOffIsTriedAgain() async throws {
        let server = try FakeServer { _, number in number < 2 ? nil : Self.found }
        #expect(try await server.mlflow().experiment(named: "a") == "7")
        try await server.stop()
    }

    /// A second run could be the result.
    @Test(arguments: [500, 502, 504])
    func aRunIsNotCreatedAgainWhenTheServerMayHaveCreatedIt(status: Int) async throws {
        let server = try FakeServer { _, _ in .init(status: status) }
        await #expect(throws: TrackingError.self) {
            _ = try await server.mlflow().create(
                NewRun(name: "a", experiment: "1", start: 0, user: ""), RunEntries())
        }
        #expect(server.requests.count == 1)
        try await server.stop()
    }

    @Test func aServerThatIsNotThereIsNamed() async throws {
        let server = try FakeServer { _, _ in nil }
        try await server.stop()
        do {
            _ = try await server.mlflow().experiment(named: "a")
            Issue.record("there is no server")
        } catch let error as TrackingError {
            #expect(error.description.contains("127.0.0.1:\(server.port)"))
            #expect(error.description.contains("Connection refused"), "\(error)")
            #expect(error.isOutside)
        }
    }

    /// Without the limit, the test would not end.
    @Test(.timeLimit(.minutes(5))) func aServerThatIsSilentIsGivenUp() async throws {
        let server = try FakeServer { _, _ in .init(isSilent: true) }
        let patience = Patience(attempts: 2, delay: .milliseconds(1), silence: .milliseconds(200))
        await #expect(throws: TrackingError.self) {
            _ = try await server.mlflow(patience: patience).experiment(named: "a")
        }
        try await server.stop()
    }

    @Test(arguments: [301, 302, 307, 308])
    func aRedirectIsNotFollowedAndCarriesNoPassword(status: Int) async throws {
        let other = try FakeServer { _, _ in Self.found }
        let server = try FakeServer { _, _ in
            .init(status: status, headers: ["Location": "http://127.0.0.1:\(other.port)/"])
        }
        let mlflow = try server.mlflow(["MLFLOW_TRACKING_TOKEN": "s3cret-token"])
        await #expect(throws: TrackingError.self) { _ = try await mlflow.experiment(named: "a") }
        #expect(other.requests.isEmpty)
        try await server.stop()
        try await other.stop()
    }

    /// A server may repeat what it was sent.
    @Test(arguments: [
        ["MLFLOW_TRACKING_USERNAME": "ada", "MLFLOW_TRACKING_PASSWORD": "p@ss w0rd/=x"],
        ["MLFLOW_TRACKING_TOKEN": "s3cret-token"],
    ])
    func aPasswordIsInNoError(account: [String: String]) async throws {
        let server = try FakeServer { request, _ in
            let sent = request.headers.first(name: "Authorization") ?? ""
            let secret = account["MLFLOW_TRACKING_PASSWORD"] ?? "s3cret-token"
            let echo = "\(sent) \(secret) \(percentEncoded(secret)) \(Data(secret.utf8).base64EncodedString())"
            return .init(status: 403, body: #"{"error_code":"\#(secret)","message":"\#(echo)"}"#)
        }
        let mlflow = try server.mlflow(account)
        do {
            _ = try await mlflow.experiment(named: "a")
            Issue.record("it was refused")
        } catch let error as TrackingError {
            let text = "\(error)"
            let pair = Data("ada:p@ss w0rd/=x".utf8).base64EncodedString()
            for secret in ["p@ss", "w0rd", "s3cret", pair, Data("s3cret-token".utf8).base64EncodedString()] {
                #expect(!text.contains(secret), "\(text)")
            }
            #expect(text.contains("[redacted]") && text.contains("403"))
        }
        let header = server.requests.first?.headers.first(name: "Authorization") ?? ""
        #expect(header.hasPrefix(account["MLFLOW_TRACKING_TOKEN"] == nil ? "Basic " : "Bearer "))
        try await server.stop()
    }

    @Test(arguments: ["http://user:p4ss%2Fword@127.0.0.1:1", "user:p4ss%2Fword@127.0.0.1:1"])
    func thePasswordOfAProxyIsASecret(proxy: String) {
        let credentials = Credentials.bearer("t0ken").hidingPassword(ofProxy: proxy)
        let text = credentials.redact("t0ken, p4ss/word and p4ss%2Fword")
        #expect(text == "[redacted], [redacted] and [redacted]")
        #expect(credentials.authorization == "Bearer t0ken")
        #expect(Credentials.none.hidingPassword(ofProxy: nil).redact("a b") == "a b")
    }

    @Test func aPasswordInTheAddressIsSentButNotShown() async throws {
        let server = try FakeServer { _, _ in .init(status: 401) }
        let mlflow = try server.mlflow(["MLFLOW_TRACKING_URI": "http://ada:s3cret@127.0.0.1:\(server.port)/"])
        #expect(mlflow.address.absoluteString == "http://127.0.0.1:\(server.port)")
        do {
            _ = try await mlflow.experiment(named: "a")
            Issue.record("it was refused")
        } catch {
            #expect(!"\(error)".contains("s3cret"))
        }
        #expect(
            server.requests[0].headers.first(name: "Authorization")
                == "Basic \(Data("ada:s3cret".utf8).base64EncodedString())")
        try await server.stop()
    }

    @Test func anAnswerThatIsNotFromMLflowIsExplained() async throws {
        let server = try FakeServer { _, _ in .init(body: "<html>") }
        do {
            _ = try await server.mlflow().experiment(named: "a")
            Issue.record("it is no JSON")
        } catch { #expect("\(error)".contains("the answer is not the JSON that MLflow sends")) }
        try await server.stop()
    }

    @Test func artifactsOnAnotherHostAreNotStored() throws {
        let server = try #require(try MLflowServer.named(by: ["MLFLOW_TRACKING_URI": "http://127.0.0.1:9"]))
        #expect(throws: TrackingError.self) { try server.artifacts(at: "mlflow-artifacts://evil.example/1/a") }
        #expect(throws: TrackingError.self) { try server.artifacts(at: "wasbs://x@y.example/a?sig=secret") }
        _ = try server.artifacts(at: "mlflow-artifacts:/1/a")
    }

    @Test(arguments: [
        (["http_proxy": "http://p:1"], "http://mlflow.example", "http://p:1"),
        (["HTTP_PROXY": "http://p:1"], "http://mlflow.example", nil),
        (["HTTPS_PROXY": "p:1"], "https://mlflow.example", "p:1"),
        (["HTTPS_PROXY": "p:1"], "http://mlflow.example", nil),
        (["HTTPS_PROXY": "p:1", "NO_PROXY": "other, example"], "https://mlflow.example", nil),
        (["HTTPS_PROXY": "p:1", "NO_PROXY": "flow.example"], "https://mlflow.example", "p:1"),
        (["http_proxy": "p:1"], "http://127.0.0.1:5000", nil),
    ])
    func theProxyOfTheEnvironmentIsUsed(environment: [String: String], address: String, proxy: String?) throws {
        #expect(Clients.proxy(for: try #require(URL(string: address)), environment) == proxy)
    }
}

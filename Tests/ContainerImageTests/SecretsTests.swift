import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import ContainerImage

/// What has been sent to a registry and must not come back in an error.
@Suite struct SecretsTests {
    private static let password = "corréct horse/battery+staple"

    private func error(of body: () async throws -> Void) async -> String {
        let error = await #expect(throws: ContainerImageError.self) { try await body() }
        return error.map { "\($0)" } ?? ""
    }

    private func expectNoSecret(_ text: String, _ secrets: [String]) {
        for secret in secrets {
            for form in [
                secret, Data(secret.utf8).base64EncodedString(), Data("x\(secret)".utf8).base64EncodedString(),
            ] {
                for start in stride(from: 0, to: max(1, form.utf8.count - 16), by: 4) {
                    let part = String(decoding: form.utf8.dropFirst(start).prefix(16), as: UTF8.self)
                    #expect(!text.contains(part), "'\(part)' is in \(text)")
                }
            }
        }
    }

    /// Ways in which a registry may repeat a header.
    private static let echoes: [@Sendable (String) -> String] = [
        { $0 }, { "<\($0)\u{301}>" }, { String($0.dropFirst(6)) }, { Data($0.utf8).base64EncodedString() },
        { Data("Authorization: \($0)".utf8).base64EncodedString() }, { String(repeating: "x", count: 470) + $0 },
        { header in
            Data(base64Encoded: String(header.dropFirst(6))).map { String(decoding: $0, as: UTF8.self) } ?? header
        },
        { $0.replacing("/", with: "_").replacing("+", with: "-").replacing("=", with: "") },
    ]

    @Test(arguments: echoes.indices, ["Basic", "Bearer"])
    func anErrorThatRepeatsTheHeaderIsRedacted(echo: Int, scheme: String) async throws {
        let port = Shared<Int>(0)
        let token = "eyJhbGciOi." + String(repeating: "tok3n/", count: 20) + ".signature+"
        let registry = try FakeRegistry { request, _ in
            if request.path == "/token" {
                return .init(status: 200, body: ByteBuffer(string: "{\"token\":\"\(token)\"}"))
            }
            guard let header = request.headers.first(name: "Authorization") else {
                let challenge = "\(scheme) realm=\"http://127.0.0.1:\(port.value)/token\""
                return .init(status: 401, headers: ["WWW-Authenticate": challenge])
            }
            let message = ["errors": [["code": "DENIED", "message": "you sent \(Self.echoes[echo](header))"]]]
            return .init(status: 403, body: ByteBuffer(bytes: (try? JSONEncoder().encode(message)) ?? Data()))
        }
        port.value = registry.port
        let login = [
            "REGISTRY_HOST": registry.host, "REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": Self.password,
        ]
        let text = await error {
            _ = try await registry.connect("a/b:1", credentials: login).pull()
        }
        #expect(text.contains("DENIED: you sent ") && text.contains("[red"), "\(text)")
        expectNoSecret(text, [Self.password, token, "me:\(Self.password)"])
        let image = try await SeededImage.image()
        let push = await error { _ = try await registry.connect("a/b:1", credentials: login).push(.image(image)) }
        expectNoSecret(push, [Self.password, token, "me:\(Self.password)"])
    }

    @Test func aRedirectAndATypeThatRepeatTheHeaderAreRedacted() async throws {
        for redirects in [true, false] {
            let registry = try FakeRegistry { request, _ in
                guard let header = request.headers.first(name: "Authorization") else {
                    return .init(status: 401, headers: ["WWW-Authenticate": "Basic realm=here"])
                }
                guard request.path.contains("/manifests/") else { return nil }
                let echo = header.dropFirst(6)
                return redirects
                    ? .init(status: 307, headers: ["Location": "ftp://elsewhere/\(echo)"])
                    : .init(status: 200, headers: ["Content-Type": "text/\(echo)"])
            }
            let login = ["REGISTRY_HOST": registry.host, "REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": "hunter22"]
            let text = await error { _ = try await registry.connect("a/b:1", credentials: login).pull() }
            #expect(text.contains(Secrets.mark), "\(text)")
            expectNoSecret(text, ["hunter22", "me:hunter22"])
        }
    }

    @Test func aTokenThatIsNoHeaderIsNotPrinted() async throws {
        let port = Shared<Int>(0)
        let registry = try FakeRegistry { request, _ in
            request.path == "/token"
                ? .init(status: 200, body: ByteBuffer(string: #"{"token":"a-secret-token\r\nwith: lines"}"#))
                : .init(
                    status: 401, headers: ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:\(port.value)/token\""])
        }
        port.value = registry.port
        let text = await error { _ = try await registry.connect("a/b:1").pull() }
        #expect(text.contains("characters that a header must not have") && !text.contains("secret-token"), "\(text)")
    }

    @Test func otherWordsStayAsTheyAre() {
        let secrets = Secrets()
        secrets.add(user: "somebody", password: "hunter22")
        secrets.add("")
        let text = "somebody hunts at registry.example/a/b:1"
        #expect(secrets.redact(text) == text)
        #expect(secrets.redact("a hunter22 b hunter22hunter22") == "a [redacted] b [redacted]")
    }
}

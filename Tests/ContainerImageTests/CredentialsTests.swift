import Fixtures
import Foundation
import Testing

@testable import ContainerImage

@Suite struct CredentialsTests {
    private let reference: Reference

    init() throws { reference = try Reference("ghcr.io/owner/image:1") }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private func find(docker text: String, _ reference: Reference? = nil, path: String = "") throws -> Credential? {
        try Workplace.withFolder { folder in
            try Data(text.utf8).write(to: folder.appendingPathComponent("config.json"))
            return try Credentials(environment: ["DOCKER_CONFIG": folder.path, "PATH": path])
                .find(for: reference ?? self.reference)
        }
    }

    @Test func thePasswordInTheEnvironmentIsOnlyForItsHost() throws {
        let environment = ["REGISTRY_HOST": "ghcr.io", "REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": "secret"]
        #expect(try Credentials(environment: environment).find(for: reference) == .password(user: "me", "secret"))
        #expect(try Credentials(environment: environment).find(for: Reference("docker.io/a/b")) == nil)
    }

    @Test func aPasswordWithoutAHostIsRefusedAndNotPrinted() throws {
        let credentials = Credentials(environment: ["REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": "hunter2"])
        let error = #expect(throws: ContainerImageError.self) { try credentials.find(for: reference) }
        #expect(!"\(try #require(error))".contains("hunter2"))
    }

    @Test func theDockerConfigurationIsRead() throws {
        let text = #"{"auths":{"ghcr.io":{"auth":"\#(base64("me:se:cret"))"}}}"#
        #expect(try find(docker: text) == .password(user: "me", "se:cret"))
        #expect(try find(docker: text, Reference("quay.io/a/b")) == nil)
        #expect(
            try Credentials(environment: ["DOCKER_AUTH_CONFIG": text]).find(for: reference)
                == .password(user: "me", "se:cret"))
    }

    @Test func theMostSpecificEntryIsUsed() throws {
        let text =
            #"{"auths":{"ghcr.io":{"auth":"\#(base64("far:1"))"},"ghcr.io/owner":{"auth":"\#(base64("near:2"))"}}}"#
        #expect(try find(docker: text) == .password(user: "near", "2"))
        #expect(try find(docker: text, Reference("ghcr.io/other/image")) == .password(user: "far", "1"))
    }

    @Test func dockerHubHasAKeyOfItsOwn() throws {
        let text = #"{"auths":{"https://index.docker.io/v1/":{"auth":"\#(base64("me:x"))"}}}"#
        #expect(try find(docker: text, Reference("alpine")) == .password(user: "me", "x"))
    }

    @Test func anIdentityTokenIsPreferredToAPassword() throws {
        let text = #"{"auths":{"ghcr.io":{"auth":"\#(base64("me:x"))","identitytoken":"long"}}}"#
        #expect(try find(docker: text) == .identityToken("long"))
    }

    @Test func aHelperIsCalledForItsHost() throws {
        try Workplace.withFolder { folder in
            let helper = folder.appendingPathComponent("docker-credential-test")
            let script = #"""
                #!/bin/sh
                read host
                [ "$host" = ghcr.io ] && [ "$1" = get ] || { echo credentials not found; exit 1; }
                echo '{"ServerURL":"ghcr.io","Username":"helped","Secret":"x"}'
                """#
            try Data(script.utf8).write(to: helper)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: helper.path)
            let path = "\(folder.path):/bin:/usr/bin"
            #expect(
                try find(docker: #"{"credHelpers":{"ghcr.io":"test"}}"#, path: path) == .password(user: "helped", "x"))
            #expect(try find(docker: #"{"credsStore":"test"}"#, path: path) == .password(user: "helped", "x"))
            #expect(try find(docker: #"{"credsStore":"test"}"#, Reference("quay.io/a/b"), path: path) == nil)
        }
    }

    @Test func aMissingHelperIsNamedInTheError() throws {
        let error = #expect(throws: ContainerImageError.self) {
            try find(docker: #"{"credHelpers":{"ghcr.io":"absent"}}"#)
        }
        #expect("\(try #require(error))".contains("docker-credential-absent"))
    }

    @Test func anInvalidFileIsAnErrorThatDoesNotQuoteIt() throws {
        let error = #expect(throws: ContainerImageError.self) {
            try find(docker: #"{"auths":{"ghcr.io":{"auth":hunter2}}}"#)
        }
        #expect(!"\(try #require(error))".contains("hunter2"))
    }
}

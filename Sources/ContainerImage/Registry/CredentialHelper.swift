import Foundation

/// A program that keeps passwords for Docker, called as `docker-credential-NAME get`.
///
/// - Source: github.com/docker/docker-credential-helpers, README, "Development".
struct CredentialHelper {
    /// The part of the program's name after `docker-credential-`.
    let name: String
    /// The environment variables of the program, and the `PATH` on which it is found.
    let environment: [String: String]

    private struct Answer: Decodable {
        var username: String
        var secret: String

        enum CodingKeys: String, CodingKey {
            case username = "Username"
            case secret = "Secret"
        }
    }

    /// Returns the credential for `host`, or nil if the helper has none.
    func get(_ host: String) throws -> Credential? {
        let program = "docker-credential-\(name)"
        guard !name.contains("/"), let path = find(program) else {
            throw ContainerImageError.invalid(
                what: program,
                reason: "the Docker configuration names this credential helper, but it is not on the PATH",
                advice: "Install it, or remove it from the configuration.")
        }
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["get"]
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw ContainerImageError.file(path: path, action: "run", reason: error.localizedDescription)
        }
        // A helper may wait for a person who is not there, so it is stopped after a minute.
        let timeout = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: timeout)
        defer { timeout.cancel() }
        try? input.fileHandleForWriting.write(contentsOf: Data(host.utf8))  // a helper may end without reading
        try? input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // The protocol does not distinguish a missing host from other failures, so a failure means that there is none.
        guard process.terminationStatus == 0, let answer = try? JSONDecoder().decode(Answer.self, from: data) else {
            return nil
        }
        return answer.username == "<token>"
            ? .identityToken(answer.secret) : .password(user: answer.username, answer.secret)
    }

    private func find(_ program: String) -> String? {
        (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

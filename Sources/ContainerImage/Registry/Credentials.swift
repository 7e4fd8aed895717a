public import Foundation

/// Who we are to a registry.
public enum Credential: Sendable, Equatable {
    case password(user: String, String)
    /// A long-lived token, exchanged for short ones.
    case identityToken(String)
}

/// Finds the credential for a host where the other tools keep it.
///
/// In this order: `REGISTRY_USERNAME` and `REGISTRY_PASSWORD` if `REGISTRY_HOST` is the host, `DOCKER_AUTH_CONFIG` (the
/// text of a config.json), then the files of Docker and podman. In each file a helper for the host goes before a helper
/// for all, and that before a stored password, as Docker has it.
public struct Credentials: Sendable {
    private let environment: [String: String]

    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// Docker's config.json and podman's auth.json; they share a format.
    private struct File: Decodable {
        struct Entry: Decodable {
            var auth: String?
            var username: String?
            var password: String?
            var identitytoken: String?
        }

        var auths: [String: Entry]?
        var credHelpers: [String: String]?
        var credsStore: String?
    }

    /// - Returns: nil if there is none, which is right for public images.
    func find(for reference: Reference) throws -> Credential? {
        if let user = environment["REGISTRY_USERNAME"], let password = environment["REGISTRY_PASSWORD"] {
            guard let host = environment["REGISTRY_HOST"] else {
                throw ContainerImageError.invalid(
                    what: "REGISTRY_USERNAME",
                    reason: "REGISTRY_HOST is not set, so it is not known whom the password is for",
                    advice: "Set REGISTRY_HOST to \(reference.familiarHost) if that is the one.")
            }
            if host == reference.familiarHost || host == reference.host { return .password(user: user, password) }
        }
        if let text = environment["DOCKER_AUTH_CONFIG"],
            let found = try find(reference, in: Data(text.utf8), named: "DOCKER_AUTH_CONFIG")
        {
            return found
        }
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            if let found = try find(reference, in: data, named: path) { return found }
        }
        return nil
    }

    private var paths: [String] {
        var paths: [String] = []
        if let folder = environment["DOCKER_CONFIG"] { paths.append("\(folder)/config.json") }
        if let home = environment["HOME"] { paths.append("\(home)/.docker/config.json") }
        if let file = environment["REGISTRY_AUTH_FILE"] { paths.append(file) }
        if let folder = environment["XDG_RUNTIME_DIR"] { paths.append("\(folder)/containers/auth.json") }
        if let home = environment["HOME"] { paths.append("\(home)/.config/containers/auth.json") }
        return paths
    }

    private func find(_ reference: Reference, in data: Data, named path: String) throws -> Credential? {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: data)
        } catch {
            // Not what it says, but where: the file holds passwords.
            throw ContainerImageError.invalid(
                what: path, reason: "it does not read as a Docker configuration", advice: "Mend it, or log in again.")
        }
        let keys = self.keys(reference)
        for key in keys {
            if let helper = file.credHelpers?[key] {
                return try CredentialHelper(name: helper, environment: environment).get(key)
            }
        }
        if let helper = file.credsStore, !helper.isEmpty {
            for key in keys {
                if let found = try CredentialHelper(name: helper, environment: environment).get(key) { return found }
            }
        }
        for key in keys {
            guard let entry = file.auths?[key] else { continue }
            if let token = entry.identitytoken, !token.isEmpty { return .identityToken(token) }
            if let user = entry.username, let password = entry.password { return .password(user: user, password) }
            if let auth = entry.auth, let pair = Data(base64Encoded: auth).map({ String(decoding: $0, as: UTF8.self) }),
                let colon = pair.firstIndex(of: ":")
            {
                let password = pair[pair.index(after: colon)...].prefix { $0 != "\0" }  // old Docker pads with zeros
                return .password(user: String(pair[..<colon]), String(password))
            }
        }
        return nil
    }

    /// Under what a host's credential may lie: the repository, its parents, the host, and what Docker calls its own.
    private func keys(_ reference: Reference) -> [String] {
        var keys: [String] = []
        var parts = reference.repository.split(separator: "/")
        while !parts.isEmpty {
            keys.append("\(reference.familiarHost)/\(parts.joined(separator: "/"))")
            parts.removeLast()
        }
        keys += [reference.familiarHost, "https://\(reference.familiarHost)", "https://\(reference.familiarHost)/v2/"]
        if reference.host == Reference.dockerHub {
            keys += ["https://index.docker.io/v1/", "index.docker.io", reference.host]
        }
        return keys
    }
}

/// A program that keeps passwords for Docker: `docker-credential-NAME get`.
///
/// - Source: github.com/docker/docker-credential-helpers, README, "Development".
struct CredentialHelper {
    let name: String
    let environment: [String: String]

    private struct Answer: Decodable {
        var username: String
        var secret: String

        enum CodingKeys: String, CodingKey {
            case username = "Username"
            case secret = "Secret"
        }
    }

    /// - Returns: nil if the helper knows no such host.
    func get(_ host: String) throws -> Credential? {
        let program = "docker-credential-\(name)"
        guard !name.contains("/"), let path = find(program) else {
            throw ContainerImageError.invalid(
                what: program, reason: "the Docker configuration names this helper, and it is not on the PATH",
                advice: "Install it, or take it out of the configuration.")
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
        // One that asks a person who is not there is not waited for.
        let patience = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: patience)
        defer { patience.cancel() }
        try? input.fileHandleForWriting.write(contentsOf: Data(host.utf8))  // it may know without reading
        try? input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // A helper that fails has no such host: its protocol tells no other reason apart.
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

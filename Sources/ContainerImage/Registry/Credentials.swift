public import Foundation

/// Finds the credential for a registry where Docker and podman keep it.
///
/// These places are searched, in this order:
/// - `REGISTRY_USERNAME` and `REGISTRY_PASSWORD`, if `REGISTRY_HOST` is the host of the registry.
/// - `DOCKER_AUTH_CONFIG`, which has the text of a `config.json`.
/// - The files of Docker and podman.
///
/// In each file, a credential helper for the host comes first, then the helper for all hosts, then a stored password.
/// Docker has the same order.
public struct Credentials: Sendable {
    private let environment: [String: String]

    /// Searches the places that an environment names.
    ///
    /// - Parameter environment: The environment variables.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// Docker's `config.json` and podman's `auth.json`, which have the same format.
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

    /// Returns the credential for the registry of `reference`, or nil if there is none, as for a public image.
    func find(for reference: Reference) throws -> Credential? {
        if let user = environment["REGISTRY_USERNAME"], let password = environment["REGISTRY_PASSWORD"] {
            guard let host = environment["REGISTRY_HOST"] else {
                throw ContainerImageError.invalid(
                    what: "REGISTRY_USERNAME",
                    reason: "REGISTRY_HOST is not set, so the password could be sent to a host that it is not for",
                    advice: "Set REGISTRY_HOST to \(reference.familiarHost) if the password is for that host.")
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
            // The decoder's error may quote the file, which has passwords.
            throw ContainerImageError.invalid(
                what: path, reason: "it is not a valid Docker configuration", advice: "Fix it, or log in again.")
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
            if let credential = file.auths?[key].flatMap(credential) { return credential }
        }
        return nil
    }

    /// The credential that is stored in an entry of a file.
    private func credential(_ entry: File.Entry) -> Credential? {
        if let token = entry.identitytoken, !token.isEmpty { return .identityToken(token) }
        if let user = entry.username, let password = entry.password { return .password(user: user, password) }
        guard let auth = entry.auth, let data = Data(base64Encoded: auth) else { return nil }
        let pair = String(decoding: data, as: UTF8.self)
        guard let colon = pair.firstIndex(of: ":") else { return nil }
        let password = pair[pair.index(after: colon)...].prefix { $0 != "\0" }  // old versions of Docker add zeros
        return .password(user: String(pair[..<colon]), String(password))
    }

    /// The keys that may have the credential: the repository, its parents, the host, and Docker's own key for its Hub.
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

import Foundation

/// The keys of an account of AWS, or of another store with the interface of S3.
struct AWSAccount: Equatable, Sendable {
    var key: String
    var secret: String
    /// The token of a session, which temporary keys have.
    var token: String?
}

/// What the tools of AWS know about an account and a store: from the environment, and from the files of a profile.
struct AWSConfiguration: Sendable {
    let account: AWSAccount?
    let region: String
    /// The address of a store that is not that of AWS, or nil.
    let endpoint: String?
    /// The file with certificates that are trusted in addition, or nil.
    let certificates: String?
    /// `path` or `virtual`, or nil for what the address allows.
    let addressing: String?
    /// The name of the profile, for messages.
    let profile: String

    /// The largest file with profiles, in bytes.
    private static let largestFile = 1 << 20

    /// Reads the configuration.
    ///
    /// - Parameter environment: The variables. Those that are empty count as missing.
    /// - Throws: `TrackingError` if a file cannot be read, or does not have the profile that is named.
    init(_ environment: [String: String]) throws(TrackingError) {
        func variable(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        let folder = (variable("HOME") ?? NSHomeDirectory()) + "/.aws"
        profile = variable("AWS_PROFILE", "AWS_DEFAULT_PROFILE") ?? "default"
        let accounts = try Self.sections(variable("AWS_SHARED_CREDENTIALS_FILE") ?? "\(folder)/credentials")
        let settings = try Self.sections(variable("AWS_CONFIG_FILE") ?? "\(folder)/config")
        let setting = settings[profile == "default" ? "default" : "profile \(profile)"] ?? [:]
        let isNamed = variable("AWS_PROFILE", "AWS_DEFAULT_PROFILE") != nil
        let values = setting.merging(accounts[profile] ?? [:]) { $1 }
        guard !isNamed || !values.isEmpty else {
            throw .invalid(
                what: "AWS_PROFILE",
                reason: "there is no profile '\(profile)' in \(folder)/credentials or \(folder)/config",
                advice: "Set it to the name of a profile.")
        }
        if let key = variable("AWS_ACCESS_KEY_ID"), let secret = variable("AWS_SECRET_ACCESS_KEY") {
            account = AWSAccount(key: key, secret: secret, token: variable("AWS_SESSION_TOKEN"))
        } else if let key = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] {
            account = AWSAccount(key: key, secret: secret, token: values["aws_session_token"])
        } else {
            account = nil
        }
        region = variable("AWS_REGION", "AWS_DEFAULT_REGION") ?? values["region"] ?? "us-east-1"
        endpoint =
            variable("MLFLOW_S3_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? values["s3.endpoint_url"]
            ?? values["endpoint_url"]
        certificates = variable("AWS_CA_BUNDLE") ?? values["ca_bundle"]
        addressing = values["s3.addressing_style"]
    }

    /// The sections of a file, and their settings; those of a nested group have its name before them.
    private static func sections(_ path: String) throws(TrackingError) -> [String: [String: String]] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        guard let size = try? FilePart.size(of: path), size <= largestFile,
            let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { throw .file(path: path, action: "read", reason: "it is not a text of at most \(largestFile) bytes") }
        var sections: [String: [String: String]] = [:]
        var (section, group) = ("", "")
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmingCharacters(in: .whitespaces)
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("[") {
                section = content.drop { $0 == "[" }.prefix { $0 != "]" }.split(separator: " ").joined(separator: " ")
                group = ""
                sections[section, default: [:]][""] = ""
                continue
            }
            let halves = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard halves.count == 2 else { continue }
            let isNested = line.first?.isWhitespace == true && !group.isEmpty
            if isNested {
                sections[section]?["\(group).\(halves[0])"] = halves[1]
            } else {
                group = halves[1].isEmpty ? halves[0] : ""
                sections[section]?[halves[0]] = halves[1]
            }
        }
        return sections
    }
}

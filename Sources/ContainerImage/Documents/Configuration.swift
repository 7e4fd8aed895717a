/// Says how an image is run, and what its layers contain when they are unpacked.
///
/// Only the properties of the OCI specification are kept. Docker's own properties, such as a health check, are dropped
/// when an image is built on another.
///
/// - Source: OCI image-spec 1.1.1, config.md.
public struct Configuration: Codable, Hashable, Sendable {
    /// The time when the image was built, in the format of RFC 3339.
    public var created: String?
    /// The person or tool that built the image.
    public var author: String?
    /// The processor architecture as Go names it.
    public var architecture: String
    /// The operating system as Go names it.
    public var os: String
    /// The variant of the architecture.
    public var variant: String?
    /// How the image is run.
    public var config: Execution?
    /// What the layers contain.
    public var rootfs: RootFileSystem
    /// How the layers were made, lowest first.
    public var history: [Step]?

    /// The process that is started, and its environment.
    public struct Execution: Codable, Hashable, Sendable {
        /// The user, and the group after a colon, by name or number.
        public var user: String?
        /// The ports that the process listens on, such as `8080/tcp`.
        public var exposedPorts: [String: Empty]?
        /// The environment variables, as `NAME=VALUE`.
        public var environment: [String]?
        /// The program and its first arguments.
        public var entrypoint: [String]?
        /// More arguments, which a user may replace.
        public var command: [String]?
        /// The folders that are mounted from outside.
        public var volumes: [String: Empty]?
        /// The folder that the process starts in.
        public var workingDirectory: String?
        /// Notes for people and tools.
        public var labels: [String: String]?
        /// The signal that asks the process to stop.
        public var stopSignal: String?

        /// Nothing is set.
        public init() {}

        enum CodingKeys: String, CodingKey {
            case user = "User"
            case exposedPorts = "ExposedPorts"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case volumes = "Volumes"
            case workingDirectory = "WorkingDir"
            case labels = "Labels"
            case stopSignal = "StopSignal"
        }

        /// The value of an environment variable, or nil if it is not set.
        public func variable(_ name: String) -> String? {
            environment?.last { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }

        /// The TCP ports, ascending.
        public var ports: [Int] {
            (exposedPorts ?? [:]).keys.compactMap { Int($0.hasSuffix("/tcp") ? $0.dropLast(4) : $0[...]) }.sorted()
        }
    }

    /// `{}`, the value of each key in a JSON object that stands for a set.
    public struct Empty: Codable, Hashable, Sendable {
        /// The only value.
        public init() {}
    }

    /// The layers as they are when unpacked.
    public struct RootFileSystem: Codable, Hashable, Sendable {
        /// The kind of root file system, always `layers`.
        public var type = "layers"
        /// The digests of the uncompressed tars, lowest first.
        public var diffIDs: [Digest]

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// How one layer was made.
    public struct Step: Codable, Hashable, Sendable {
        /// The time of the step, in the format of RFC 3339.
        public var created: String?
        /// The command that made the layer.
        public var createdBy: String?
        /// The person or tool that made the layer.
        public var author: String?
        /// A note for people.
        public var comment: String?
        /// Whether the step changed only the configuration and made no layer.
        public var emptyLayer: Bool?

        enum CodingKeys: String, CodingKey {
            case created
            case createdBy = "created_by"
            case author
            case comment
            case emptyLayer = "empty_layer"
        }
    }

    /// The platform that the image is for.
    public var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }
}

/// How an image is run, and what its layers are when unpacked.
///
/// Holds the properties of the OCI specification; Docker's own (a health check, for one) are not carried over from a
/// base image.
///
/// - Source: OCI image-spec 1.1.1, config.md.
public struct Configuration: Codable, Hashable, Sendable {
    public var created: String?
    public var author: String?
    public var architecture: String
    public var os: String
    public var variant: String?
    public var config: Execution?
    public var rootfs: RootFileSystem
    public var history: [Step]?

    /// The process and its surroundings.
    public struct Execution: Codable, Hashable, Sendable {
        public var user: String?
        public var exposedPorts: [String: Empty]?
        public var environment: [String]?
        public var entrypoint: [String]?
        public var command: [String]?
        public var volumes: [String: Empty]?
        public var workingDirectory: String?
        public var labels: [String: String]?
        public var stopSignal: String?

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

        /// The value of an environment variable.
        public func variable(_ name: String) -> String? {
            environment?.last { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }

        /// The TCP ports, ascending.
        public var ports: [Int] {
            (exposedPorts ?? [:]).keys.compactMap { Int($0.hasSuffix("/tcp") ? $0.dropLast(4) : $0[...]) }.sorted()
        }
    }

    /// `{}`, the only value a set of names has in JSON.
    public struct Empty: Codable, Hashable, Sendable {
        public init() {}
    }

    public struct RootFileSystem: Codable, Hashable, Sendable {
        public var type = "layers"
        /// Digests of the uncompressed tars, lowest first.
        public var diffIDs: [Digest]

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// How a layer came to be; there is one for each.
    public struct Step: Codable, Hashable, Sendable {
        public var created: String?
        public var createdBy: String?
        public var author: String?
        public var comment: String?
        public var emptyLayer: Bool?

        enum CodingKeys: String, CodingKey {
            case created
            case createdBy = "created_by"
            case author
            case comment
            case emptyLayer = "empty_layer"
        }
    }

    public var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }
}

public import Foundation
import NIOCore

/// How a program and its model become an image: what lies where, and how it is run.
///
/// Read from `container/image.json`. Layers are listed from the one that changes least to the one that changes most, so
/// that a new version of the program does not send the model again.
public struct Recipe: Codable, Sendable {
    public struct LayerRecipe: Codable, Sendable {
        /// What the layer holds, for the image's history.
        public var name: String
        /// Bytes that do not get smaller are stored as they are.
        public var compression: Compression
        public var files: [File]
        /// Left out when none of its inputs is given.
        public var optional: Bool?
    }

    public struct File: Codable, Sendable {
        /// The input's name: `model`, `binary`, `certificates`.
        public var from: String
        /// Absolute path in the image.
        public var to: String
        /// Permission bits, in octal.
        public var mode: String
    }

    public var user: String
    public var ports: [Int]
    public var environment: [String: String]
    public var entrypoint: [String]
    public var stopSignal: String
    /// What tools may want to know of the program.
    public var labels: [String: String]?
    public var layers: [LayerRecipe]

    /// - Parameter name: the recipe's file, for errors.
    public init(json: Data, named name: String) throws {
        self = try Document.decode(Recipe.self, from: ByteBuffer(bytes: json), named: name)
        for file in layers.flatMap(\.files) where UInt32(file.mode, radix: 8) == nil {
            throw ContainerImageError.invalid(
                what: name, reason: "the mode '\(file.mode)' of \(file.to) is no octal number",
                advice: "Write it as 0555.")
        }
    }

    /// What `build` is told beyond the recipe.
    public struct Options: Sendable {
        /// Instead of each layer's own.
        public var compression: Compression?
        /// Seconds since 1970, of everything in the image.
        public var created: Int64 = 0
        public var annotations: [String: String] = [:]
        public var labels: [String: String] = [:]
        /// Files of the user's own, path in the image → file here; executable if they are executable here.
        public var extra: [String: String] = [:]

        public init() {}
    }

    /// Adds the recipe's layers to `base`, and sets how it is run.
    ///
    /// - Parameter inputs: a file for each name in the recipe.
    public func build(on base: Image, inputs: [String: String], options: Options) async throws -> Image {
        var image = base
        let created = Self.timestamp(options.created)
        image = try image.configured { configuration in
            configuration.created = created
            var execution = configuration.config ?? Configuration.Execution()
            execution.user = user
            execution.exposedPorts = Dictionary(ports.map { ("\($0)/tcp", Configuration.Empty()) }) { first, _ in first
            }
            execution.environment =
                (execution.environment ?? []).filter { variable in
                    !environment.keys.contains { variable.hasPrefix("\($0)=") }
                } + environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            execution.entrypoint = entrypoint
            execution.command = nil  // a base's arguments are for another program
            execution.stopSignal = stopSignal
            execution.labels = (execution.labels ?? [:]).merging(labels ?? [:]) { $1 }
                .merging(options.labels) { $1 }
            if execution.labels == [:] { execution.labels = nil }
            configuration.config = execution
        }
        // Layers do not depend on each other, so they are made side by side.
        for layer in try trees(inputs, options).map({ tree in
            Task {
                try await Layer(
                    tree.files, compression: tree.compression, modified: options.created,
                    createdBy: "pinson image build: \(tree.name)")
            }
        }) { image = try image.appending(try await layer.value) }
        var annotations = options.annotations
        annotations["org.opencontainers.image.created"] = created
        return try image.annotated(annotations)
    }

    private typealias Tree = (name: String, files: FileTree, compression: Compression)

    /// What each layer holds, the lowest first; the user's own files lie under the program.
    private func trees(_ inputs: [String: String], _ options: Options) throws -> [Tree] {
        var trees: [Tree] = []
        for layer in layers {
            if layer.name == layers.last?.name, !options.extra.isEmpty { trees.append(try extra(options)) }
            let missing = layer.files.filter { inputs[$0.from] == nil }
            if layer.optional == true, missing.count == layer.files.count { continue }
            guard missing.isEmpty else {
                throw ContainerImageError.invalid(
                    what: "layer '\(layer.name)'",
                    reason: "no \(missing.map(\.from).joined(separator: " and no ")) is given",
                    advice: "Name the file.")
            }
            var files = FileTree()
            for file in layer.files {
                try files.add(
                    file.to, try Content(file: inputs[file.from] ?? ""), mode: UInt32(file.mode, radix: 8) ?? 0o444)
            }
            trees.append((layer.name, files, options.compression ?? layer.compression))
        }
        return trees
    }

    private func extra(_ options: Options) throws -> Tree {
        var files = FileTree()
        for (path, local) in options.extra {
            let file = try OpenFile(path: local)
            try files.add(path, Content(file), mode: file.isExecutable ? 0o555 : 0o444)
        }
        return ("added files", files, options.compression ?? .gzip)
    }

    /// RFC 3339, in UTC whatever the time zone.
    public static func timestamp(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}

import NIOCore

/// What an image weighs, in exact bytes; one number alone answers no question.
public struct ImageSize: Sendable {
    /// What a registry stores and a host pulls: layers as they are, and the configuration.
    public let compressed: Int64
    /// The heaviest layer as it is stored.
    public let largestLayer: Int64
    /// What lies on disk: the files that are left when all layers are laid over each other.
    public let unpacked: Int64
    /// Those files, the heaviest first.
    public let files: [(path: String, size: Int64)]
    /// How its layers are compressed.
    public let compressions: Set<Compression>

    /// Reads every layer once.
    public init(of image: Image) async throws {
        let layers = image.layers.map(\.descriptor)
        compressed = layers.reduce(image.manifest.config.size) { $0 + $1.size }
        largestLayer = layers.map(\.size).max() ?? 0
        compressions = Set(layers.compactMap(\.mediaType.compression))
        var sizes: [String: Int64] = [:]
        for layer in image.layers {
            var reader = try await layer.tarReader()
            var added: [String: Int64] = [:]
            while let header = try await reader.next() {
                let slash = header.path.lastIndex(of: "/")
                let name = slash.map { header.path[header.path.index(after: $0)...] } ?? header.path[...]
                let folder = slash.map { "\(header.path[..<$0])/" } ?? ""
                if name == ".wh..wh..opq" {
                    Self.remove(folder, from: &sizes)
                } else if name.hasPrefix(".wh.") {  // OCI image-spec, layer.md, "Whiteouts"
                    let gone = folder + name.dropFirst(4)
                    sizes[gone] = nil
                    Self.remove(gone + "/", from: &sizes)
                } else if header.kind == .directory {
                    sizes[header.path] = nil  // it may have been a file
                } else {
                    Self.remove(header.path + "/", from: &sizes)  // it may have been a folder
                    added[header.path] = header.kind == .file ? header.size : 0
                }
            }
            try await reader.finish()
            sizes.merge(added) { $1 }
        }
        unpacked = sizes.values.reduce(0, +)
        files = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ("/\($0.key)", $0.value) }
    }

    private static func remove(_ prefix: String, from sizes: inout [String: Int64]) {
        guard !sizes.isEmpty else { return }
        for path in sizes.keys where path.hasPrefix(prefix) { sizes[path] = nil }
    }
}

extension Image {
    /// Writes the file at `path` in the image to `destination`; false if there is none.
    public func extract(_ path: String, to destination: String) async throws -> Bool {
        let name = String(path.drop { $0 == "/" })
        for layer in layers.reversed() {
            var reader = try await layer.tarReader()
            while let header = try await reader.next() {
                guard header.path == name, header.kind == .file else { continue }
                let file = try OutputFile(path: destination)
                while let bytes = try await reader.read() { try file.write(bytes) }
                try await reader.finish()  // nothing is there before all of the layer is known to be right
                try file.commit()
                return true
            }
        }
        return false
    }
}

extension Image {
    /// Reads everything and compares it with the digests that name it.
    public func verify() async throws {
        for layer in layers {
            guard let compression = layer.descriptor.mediaType.compression, compression != .zstd else {
                // What cannot be unpacked here has no diff id that can be compared; the blob has a digest all the same.
                for try await _ in layer.content.verified(layer.descriptor) {}
                continue
            }
            var hasher = Digest.Hasher()
            let reader = try await layer.uncompressed()
            while let bytes = try await reader() { hasher.update(bytes) }
            let found = hasher.finish()
            guard found == layer.diffID else {
                throw ContainerImageError.mismatch(
                    what: "diff id of layer \(layer.descriptor.digest)", found: "\(found)", expected: "\(layer.diffID)")
            }
        }
    }
}

import NIOCore

/// An open tar and the position of each file in it.
struct TarFile {
    /// The path of the tar, for errors.
    let name: String
    private let file: OpenFile
    /// The bytes of each file by its path in the tar.
    private(set) var entries: [String: Range<Int64>] = [:]

    /// The largest number of files in the tar of an image; there are a few for each layer.
    private static let mostFiles = 100_000

    /// Opens the tar at `path` and reads its headers, or throws if it was cut short.
    init(path: String) async throws {
        name = path
        file = try OpenFile(path: path)
        var reader = TarReader(try await ByteStream(Content(file)), named: path)
        while let header = try await reader.next() {
            guard header.kind == .file else { continue }
            entries[header.path] = reader.offset..<reader.offset + header.size
            guard entries.count <= Self.mostFiles else {
                throw ContainerImageError.invalid(
                    what: path, reason: "it has more than \(Self.mostFiles) files, which is not an image",
                    advice: "Give a tar that `pinson image build` or `docker save` wrote.")
            }
        }
        guard reader.hasEnd else {
            throw ContainerImageError.invalid(
                what: path, reason: "it has \(file.size) bytes, and the blocks that end a tar are missing",
                advice: "Build or save the image again.")
        }
    }

    /// The bytes of a file in the tar.
    func content(_ entry: String) throws -> Content {
        guard let range = entries[entry], range.upperBound <= file.size else {
            throw ContainerImageError.invalid(
                what: name, reason: "'\(entry.singleLine)' is missing or was cut short",
                advice: "Build or save the image again.")
        }
        return Content(file, range)
    }

    /// The bytes of a small file in the tar.
    func document(_ entry: String) async throws -> ByteBuffer {
        try await content(entry).collect(upTo: Document.largestSize, named: "\(name): \(entry)")
    }
}

extension TarFile: BlobSource {
    func document(_ descriptor: Descriptor) async throws -> ByteBuffer {
        try await content(descriptor).verified(descriptor).collect(upTo: Document.largestSize, named: name)
    }

    func isThere(_ descriptor: Descriptor) -> Bool { entries[Layout.blobPath(descriptor.digest)] != nil }

    func content(_ descriptor: Descriptor) throws -> Content { try content(Layout.blobPath(descriptor.digest)) }
}

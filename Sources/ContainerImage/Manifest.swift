import Foundation
import NIOCore

/// Names the blobs of one image, or of an artifact that is about another.
///
/// - Source: OCI image-spec 1.1.1, manifest.md.
public struct Manifest: Codable, Hashable, Sendable {
    public var schemaVersion = 2
    public var mediaType: MediaType? = .manifest
    public var artifactType: MediaType?
    public var config: Descriptor
    /// The lowest first.
    public var layers: [Descriptor]
    public var subject: Descriptor?
    public var annotations: [String: String]?

    public init(
        config: Descriptor, layers: [Descriptor], artifactType: MediaType? = nil, subject: Descriptor? = nil,
        annotations: [String: String]? = nil
    ) {
        self.config = config
        self.layers = layers
        self.artifactType = artifactType
        self.subject = subject
        self.annotations = annotations
    }
}

/// Names the images of several platforms.
///
/// - Source: OCI image-spec 1.1.1, image-index.md.
public struct Index: Codable, Hashable, Sendable {
    public var schemaVersion = 2
    public var mediaType: MediaType? = .index
    public var manifests: [Descriptor]
    public var annotations: [String: String]?

    public init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        self.manifests = manifests
        self.annotations = annotations
    }
}

/// JSON as digests need it: sorted keys, no spaces, slashes as they are.
enum Document {
    static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(value))
    }

    /// - Parameter name: what the document is, for the error.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ByteBuffer, named name: String) throws -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch {
            throw ContainerImageError.invalid(
                what: name, reason: "it does not read as \(type): \(Self.reason(error))",
                advice: "Build or pull it again.")
        }
    }

    /// What a decoding error says, and where, without Foundation's decoration.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .keyNotFound(let key, let context): return "\(path(context, key)) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(path(context)): \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }

    private static func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
        let keys = (context.codingPath + (last.map { [$0] } ?? [])).map {
            $0.intValue.map { "[\($0)]" } ?? $0.stringValue
        }
        return keys.isEmpty ? "the document" : "'\(keys.joined(separator: "."))'"
    }
}

import Foundation
import NIOCore

/// Encodes and decodes the JSON documents of an image.
enum Document {
    /// The largest document that is read, in bytes.
    ///
    /// Registries need not accept larger ones.
    ///
    /// - Source: OCI distribution-spec 1.1.1, "Pushing Manifests".
    static let largestSize = 4 << 20

    /// Encodes `value` with sorted keys and without spaces, so that equal values have equal digests.
    static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(value))
    }

    /// Decodes `bytes`; `name` says what the document is, for the error.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ByteBuffer, named name: String) throws -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch {
            throw ContainerImageError.invalid(
                what: name, reason: "it is not a valid \(type): \(Self.reason(error))",
                advice: "Build or pull it again.")
        }
    }

    /// Describes a decoding error and its position in the document, in short.
    private static func reason(_ error: any Error) -> String {
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

import Crypto
import Foundation
import NIOCore
import NIOHTTP1

/// The digest of a file that a store states in the headers of its answer, compared with what arrives.
struct StatedDigest {
    private enum Hash {
        case sha256(SHA256)
        case md5(Insecure.MD5)
    }

    private var hash: Hash
    /// The digest in hexadecimal digits.
    private let expected: String

    /// Finds the digest in the headers of an answer, or returns nil if there is none.
    init?(_ headers: HTTPHeaders) {
        let kept = ["x-amz-meta-sha256", "x-ms-meta-sha256", "x-goog-meta-sha256"].lazy
            .compactMap { headers.first(name: $0)?.lowercased() }.first
        if let kept, kept.count == 64, kept.allSatisfy(\.isHexDigit) {
            (hash, expected) = (.sha256(SHA256()), kept)
            return
        }
        // Google names several digests in one header, or in several.
        let google = headers[canonicalForm: "x-goog-hash"].first { $0.hasPrefix("md5=") }.map {
            String($0.dropFirst(4))
        }
        guard let text = google ?? headers.first(name: "Content-MD5"), let digest = Data(base64Encoded: text),
            digest.count == 16
        else { return nil }
        (hash, expected) = (.md5(Insecure.MD5()), hexadecimal(digest))
    }

    mutating func add(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { raw in
            switch hash {
            case .sha256(var hasher):
                hasher.update(bufferPointer: raw)
                hash = .sha256(hasher)
            case .md5(var hasher):
                hasher.update(bufferPointer: raw)
                hash = .md5(hasher)
            }
        }
    }

    /// - Throws: `TrackingError.mismatch` if the bytes do not have the digest.
    func check(_ name: String) throws(TrackingError) {
        let found: String
        switch hash {
        case .sha256(let hasher): found = hexadecimal(hasher.finalize())
        case .md5(let hasher): found = hexadecimal(hasher.finalize())
        }
        guard found == expected else {
            throw .mismatch(what: name, found: "the digest \(found)", expected: expected)
        }
    }
}

import Foundation

extension URL {
    /// The address without its query, user name and password, which may be secret.
    var withoutSecrets: String {
        var parts = URLComponents(url: self, resolvingAgainstBaseURL: true)
        parts?.query = nil
        parts?.user = nil
        parts?.password = nil
        return parts?.string ?? host ?? ""
    }

    /// The address with more in its query, which is percent-encoded already.
    func adding(_ query: String) -> URL {
        let text = absoluteString
        return query.isEmpty ? self : URL(string: "\(text)\(text.contains("?") ? "&" : "?")\(query)") ?? self
    }

    /// Whether this machine itself is named.
    var isLoopback: Bool { ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host ?? "") }
}

/// Returns `text` as a part of an address: everything but letters, digits and `-._~` is percent-encoded.
///
/// - Parameters:
///   - text: The text.
///   - slashes: Whether slashes stay as they are.
/// - Returns: The encoded text.
func percentEncoded(_ text: String, slashes: Bool = false) -> String {
    text.utf8.reduce(into: "") { result, byte in
        let scalar = Unicode.Scalar(byte)
        let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
        if isPlain || "-._~".unicodeScalars.contains(scalar) || slashes && scalar == "/" {
            result.unicodeScalars.append(scalar)
        } else {
            result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}

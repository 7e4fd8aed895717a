/// A challenge in an answer with status 401: how the registry wants to be told who is asking.
///
/// - Source: RFC 9110, section 11.6.1.
struct Challenge: Equatable {
    /// The authentication scheme in lower case, such as `bearer`.
    var scheme: String
    /// The parameters, with keys in lower case.
    var parameters: [String: String]

    /// Parses the challenges in one `WWW-Authenticate` header.
    ///
    /// Values may be quoted or not, and spaces may be anywhere that the RFC allows them.
    static func parse(_ header: String) -> [Challenge] {
        var scanner = Scanner(rest: Array(header.utf8)[...])
        var challenges: [Challenge] = []
        while let word = scanner.token() {
            if scanner.take("="), !challenges.isEmpty {
                challenges[challenges.count - 1].parameters[word.lowercased()] = scanner.value()
            } else {
                challenges.append(Challenge(scheme: word.lowercased(), parameters: [:]))
            }
        }
        return challenges
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        private mutating func skip(_ characters: String) {
            rest = rest.drop { characters.utf8.contains($0) }
        }

        /// Takes the next word, or returns nil if there is none.
        mutating func token() -> String? {
            skip(" \t,")
            let token = rest.prefix { $0 > 0x20 && !"=,\"".utf8.contains($0) }
            rest = rest.dropFirst(token.count)
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }

        /// Takes `character` if it comes next, and returns whether it did.
        mutating func take(_ character: Character) -> Bool {
            let before = rest
            skip(" \t")
            guard rest.first == character.asciiValue else {
                rest = before
                return false
            }
            rest = rest.dropFirst()
            return true
        }

        /// Takes the value of a parameter, quoted or not.
        mutating func value() -> String {
            skip(" \t")
            guard rest.first == UInt8(ascii: "\"") else { return token() ?? "" }
            var value: [UInt8] = []
            rest = rest.dropFirst()
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                value.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
            }
            return String(decoding: value, as: UTF8.self)
        }
    }
}

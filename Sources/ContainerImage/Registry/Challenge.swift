/// What a registry wants to know before it answers: one header of a 401.
///
/// - Source: RFC 9110, section 11.6.1.
struct Challenge: Equatable {
    /// In lower case.
    var scheme: String
    /// Keys in lower case.
    var parameters: [String: String]

    /// The challenges of one `WWW-Authenticate` header: values quoted or not, spaces wherever they are allowed.
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

        private mutating func skip(_ others: String) {
            rest = rest.drop { others.utf8.contains($0) }
        }

        mutating func token() -> String? {
            skip(" \t,")
            let token = rest.prefix { $0 > 0x20 && !"=,\"".utf8.contains($0) }
            rest = rest.dropFirst(token.count)
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }

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

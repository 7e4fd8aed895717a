import Foundation

/// The licence and the languages that a checkpoint's README.md states in its front matter.
///
/// The front matter is YAML between two lines of three hyphens. Only keys at the start of a line are read, with a word or
/// a list of words as their value. Everything else in the file is passed over.
///
/// - Source: Hugging Face Hub documentation, "Model Cards", model card metadata.
struct FrontMatter {
    /// The licence: the name on the Hub, or the model's own name for a licence that is not on the list of the Hub.
    let license: String?
    /// The codes of the languages, such as `en`.
    let languages: [String]

    /// The most bytes of the file that are read.
    private static let limit = 1 << 16

    /// Reads the file in a folder; nothing is stated if there is none.
    init(folder: String) { self.init(Self.text(folder: folder)) }

    /// The first bytes of the file in a folder; empty if there is none.
    static func text(folder: String) -> String {
        let path = "\(folder)/README.md"
        var data = Data()
        if (try? CheckpointFile.check(path)) != nil, let file = FileHandle(forReadingAtPath: path) {
            data = (try? file.read(upToCount: Self.limit)) ?? data
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Reads the front matter of a text.
    init(_ text: String) {
        let values = Self.values(text)
        let license = values["license"]?.first
        let name = license == "other" ? values["license_name"]?.first : license
        self.license = name.flatMap { Self.isWord($0) ? $0 : nil }
        languages = Array((values["language"] ?? []).filter(Self.isWord).prefix(200))
    }

    /// The words of each key at the start of a line.
    private static func values(_ text: String) -> [String: [String]] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        guard lines.popFirst()?.trimmingCharacters(in: .whitespaces) == "---" else { return [:] }
        var values: [String: [String]] = [:]
        var key = ""
        for line in lines.map(withoutComment) {
            if line == "---" { return values }
            let item = line.trimmingCharacters(in: .whitespaces)
            if item.hasPrefix("- ") {
                values[key, default: []].append(unquoted(item.dropFirst(2)))
            } else if let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false {
                key = String(line[..<colon])
                values[key] = words(line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
            }
        }
        return [:]  // The front matter has no end.
    }

    /// The words of a value on one line: one word, or a list in brackets.
    private static func words(_ value: String) -> [String] {
        guard value.hasPrefix("["), value.hasSuffix("]") else { return value.isEmpty ? [] : [unquoted(value[...])] }
        return value.dropFirst().dropLast().split(separator: ",").map(unquoted)
    }

    private static func withoutComment(_ line: Substring) -> String {
        guard let comment = line.firstRange(of: " #") else { return String(line) }
        return String(line[..<comment.lowerBound]).trimmingCharacters(in: .whitespaces)
    }

    private static func unquoted(_ word: Substring) -> String {
        word.trimmingCharacters(in: CharacterSet(charactersIn: " \t\"'"))
    }

    /// Whether a value is a short identifier, and not something that a reader of the model would have to escape.
    private static func isWord(_ value: String) -> Bool {
        (1...64).contains(value.utf8.count)
            && value.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789.+-_".contains(Character($0)))
            }
    }
}

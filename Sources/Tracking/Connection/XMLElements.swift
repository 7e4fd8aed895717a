import Foundation

/// The texts of the elements of a small XML document, in their order.
///
/// It reads what stores of objects answer: elements with text, without a document type. Attributes are skipped.
struct XMLElements {
    /// An element that contains text only.
    struct Element: Equatable {
        /// The names of the elements around it and its own, such as `["Error", "Code"]`.
        var path: [String]
        var text: String
    }

    private(set) var elements: [Element] = []

    /// The most elements that may be inside of each other.
    private static let maximumDepth = 16

    /// Reads a document, or returns nil if it is not one.
    init?(_ data: Data) {
        guard var rest = String(data: data, encoding: .utf8)?[...] else { return nil }
        var (path, text): ([String], String) = ([], "")
        while let start = rest.firstIndex(of: "<") {
            text += rest[..<start]
            guard let end = rest[start...].firstIndex(of: ">") else { return nil }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") { continue }
            if tag.hasPrefix("!") { return nil }
            if tag.hasPrefix("/") {
                guard path.last == String(tag.dropFirst()) else { return nil }
                guard let plain = Self.plain(text) else { return nil }
                elements.append(Element(path: path, text: plain))
                path.removeLast()
            } else {
                let name = String(tag.prefix { $0 != " " && $0 != "/" && $0 != "\n" })
                guard !name.isEmpty, path.count < Self.maximumDepth else { return nil }
                if tag.hasSuffix("/") {
                    elements.append(Element(path: path + [name], text: ""))
                } else {
                    path.append(name)
                }
            }
            text = ""
        }
        guard path.isEmpty, !elements.isEmpty else { return nil }
    }

    /// The texts of the elements whose path ends like this.
    subscript(path: String...) -> [String] {
        elements.filter { $0.path.suffix(path.count).elementsEqual(path) }.map(\.text)
    }

    /// The text with characters instead of references, or nil if a reference is not known.
    private static func plain(_ text: String) -> String? {
        guard text.contains("&") else { return text }
        let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        var pieces = text.split(separator: "&", omittingEmptySubsequences: false)
        var result = String(pieces.removeFirst())
        for piece in pieces {
            let halves = piece.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return nil }
            let name = String(halves[0])
            let number =
                name.hasPrefix("#x")
                ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            guard let character = known[name] ?? number.flatMap(Unicode.Scalar.init).map({ String($0) }) else {
                return nil
            }
            result += character + halves[1]
        }
        return result
    }
}

/// HTML that is written piece by piece, in which every text is escaped.
struct HTML {
    private(set) var bytes: [UInt8] = []

    /// Adds markup as it is.
    mutating func raw(_ markup: String) { bytes += markup.utf8 }

    /// Adds markup as it is.
    mutating func raw(_ markup: [UInt8]) { bytes += markup }

    /// Adds a text.
    mutating func text(_ text: String) { raw(Self.escaped(text)) }

    /// Adds an element with a text, unless the text is empty.
    mutating func element(_ tag: String, _ text: String, _ attributes: String = "") {
        guard !text.isEmpty else { return }
        raw("<\(tag)\(attributes.isEmpty ? "" : " ")\(attributes)>\(Self.escaped(text))</\(tag)>")
    }

    /// A text that means itself, in an element or in the value of an attribute.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

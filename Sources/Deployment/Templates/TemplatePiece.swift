/// A piece of a template: text that stays as it is, or a variable.
enum TemplatePiece {
    case text(String)
    /// A variable; `standard` is its default, or nil if it needs a value.
    case variable(name: String, standard: String?)

    /// Splits text at its variables, which are written as `${NAME}` or `${NAME:-default}`.
    ///
    /// The text is read scalar by scalar, because a combining character must not hide a brace.
    static func split(_ scalars: ArraySlice<Unicode.Scalar>) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        var text: [Unicode.Scalar] = []
        var rest = scalars
        while let scalar = rest.first {
            if let (piece, length) = variable(at: rest) {
                if !text.isEmpty { pieces.append(.text(String(text))) }
                text = []
                pieces.append(piece)
                rest = rest.dropFirst(length)
            } else {
                text.append(scalar)
                rest = rest.dropFirst()
            }
        }
        return text.isEmpty ? pieces : pieces + [.text(String(text))]
    }

    /// Returns the variable at the start of `rest` and its length, or nil if there is none.
    static func variable(at rest: ArraySlice<Unicode.Scalar>) -> (TemplatePiece, length: Int)? {
        guard rest.starts(with: "${".unicodeScalars), let end = rest.firstIndex(of: "}") else { return nil }
        let inside = rest[rest.startIndex + 2..<end]
        let name = inside.prefix { ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
        guard let first = name.first, ("A"..."Z").contains(first) else { return nil }
        let tail = inside.dropFirst(name.count)
        guard tail.isEmpty || tail.starts(with: ":-".unicodeScalars) else { return nil }
        let standard = tail.isEmpty ? nil : String(tail.dropFirst(2))
        return (.variable(name: String(name), standard: standard), end - rest.startIndex + 1)
    }
}

extension String {
    /// The text of some scalars.
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        self.init(UnicodeScalarView(scalars))
    }
}

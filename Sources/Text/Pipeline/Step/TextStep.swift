/// A step of a pipeline: it changes a text in one way.
protocol TextStep: Sendable {
    /// The name under which a pipeline lists the step.
    static var name: String { get }
    /// The options that may follow the name.
    static var options: [StepOption] { get }

    /// Creates the step from options that have been checked against `options`.
    init(_ options: StepOptions)

    /// Changes the text.
    func apply(to text: inout TextBuffer)
}

/// A change that replaces parts of a text and leaves the rest as it is.
protocol Substitution {
    /// Finds the first part to replace that begins at `start` or after it.
    ///
    /// - Parameters:
    ///   - text: the whole text, before any part of it was replaced.
    ///   - start: 0, or the end of the last part.
    ///   - replacement: an empty array, to which this appends what replaces the part.
    /// - Returns: the range of the part, or nil if there is none. The range is never empty.
    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>?
}

extension TextStep where Self: Substitution {
    func apply(to text: inout TextBuffer) { substitute(in: &text) }
}

extension Substitution {
    /// Replaces every part, from left to right.
    func substitute(in text: inout TextBuffer) {
        text.rewrite { text, output, replacement in
            var copied = 0
            replacement.removeAll(keepingCapacity: true)
            while let part = nextChange(in: text, from: copied, &replacement) {
                output.append(contentsOf: text[copied..<part.lowerBound])
                output.append(contentsOf: replacement)
                copied = part.upperBound
                replacement.removeAll(keepingCapacity: true)
            }
            guard copied > 0 else { return false }
            output.append(contentsOf: text[copied...])
            return true
        }
    }
}

/// Maps all letters to lower case, as `str.lower` of Python does.
///
/// - Source: The Unicode Standard, section 3.13, toLowercase, with the rule for a final sigma.
struct Lowercase: TextStep {
    static let name = "lowercase"
    static let options: [StepOption] = []

    init(_ options: StepOptions) {}

    func apply(to text: inout TextBuffer) {
        let isASCII = text.bytes.withUnsafeMutableBufferPointer { bytes in
            var seen: UInt8 = 0
            for index in bytes.indices {
                seen |= bytes[index]
                bytes[index] = bytes[index].lowercased
            }
            return seen < 0x80
        }
        guard !isASCII else { return }
        text.rewrite { text, output, _ in
            var index = 0
            while index < text.count {
                let (value, length) = text.codePoint(at: index)
                if value == Self.sigma {
                    output.append(codePoint: isFinal(index, in: text) ? Self.finalSigma : Self.smallSigma)
                } else if value < 0x80 {
                    output.append(UInt8(value))
                } else {
                    _ = NormalizerTables.lowercased.forEachImage(of: value) { image in
                        output.append(codePoint: image)
                        return true
                    }
                }
                index += length
            }
            return true
        }
    }

    private static let sigma: UInt32 = 0x3A3
    private static let smallSigma: UInt32 = 0x3C3
    private static let finalSigma: UInt32 = 0x3C2

    /// Whether the sigma at `index` ends a word: a letter with case is before it, and none is after it.
    private func isFinal(_ index: Int, in text: UTF8Bytes) -> Bool {
        var start = index
        while let (value, length) = text.codePoint(before: start) {
            start -= length
            guard let properties = Unicode.Scalar(value)?.properties else { return false }
            if properties.isCaseIgnorable { continue }
            guard properties.isCased else { return false }
            var end = index + 2
            while end < text.count {
                let (value, length) = text.codePoint(at: end)
                guard let properties = Unicode.Scalar(value)?.properties else { return true }
                guard properties.isCaseIgnorable else { return !properties.isCased }
                end += length
            }
            return true
        }
        return false
    }
}

/// Replaces each run of white space by one space, and removes it at both ends.
struct Spaces: TextStep, Substitution {
    static let name = "spaces"
    static let options: [StepOption] = []

    init(_ options: StepOptions) {}

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = start
        while index < text.count {
            let (value, length) = text.codePoint(at: index)
            guard value.isSpace else {
                index += length
                continue
            }
            let end = text.endOfSpaces(from: index)
            let isInside = index > 0 && end < text.count
            if !isInside || end - index > 1 || value != 0x20 {
                if isInside { replacement.append(0x20) }
                return index..<end
            }
            index = end
        }
        return nil
    }
}

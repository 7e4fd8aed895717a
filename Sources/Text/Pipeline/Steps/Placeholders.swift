/// Replaces what lies between two spaces and begins with `@` by `@user`, and what begins with `http` by `http`.
///
/// This is what the models of Cardiff NLP expect. An `@` alone stays, and so does what follows other white space.
struct Placeholders: TextStep, Substitution {
    static let name = "placeholders"
    static let options: [StepOption] = []

    init(_ options: StepOptions) {}

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = start
        while index < text.count {
            if index > 0, text[index - 1] != 0x20 {
                index += 1
                continue
            }
            let end = text[index...].firstIndex(of: 0x20) ?? text.count
            if text[index..<end].starts(with: "http".utf8) {
                replacement.append(contentsOf: "http".utf8)
                return index..<end
            }
            if text[index] == 0x40, end - index > 1 {
                replacement.append(contentsOf: "@user".utf8)
                return index..<end
            }
            index = end + 1
        }
        return nil
    }
}

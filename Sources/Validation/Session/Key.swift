/// One key of the keyboard, or a text that was pasted.
public enum Key: Hashable, Sendable {
    /// A character.
    case character(Character)
    /// A text that was pasted.
    case paste(String)
    /// The key Enter.
    case enter
    /// The key Esc.
    case escape
    /// The key Backspace.
    case backspace
    /// The arrows.
    case left, right, up, down
    /// Ctrl and C.
    case interrupt
    /// A key that no command has.
    case other
}

/// Turns the bytes that a terminal sends into keys.
///
/// - Source: ECMA-48, and "XTerm Control Sequences" for pasted texts.
public struct KeyReader: Sendable {
    private var bytes: [UInt8] = []

    /// The most bytes of a pasted text.
    private static let longestPaste = 1 << 16

    /// Creates a reader that has read nothing.
    public init() {}

    /// Whether bytes have arrived that may become a key when more arrive.
    public var isWaiting: Bool { !bytes.isEmpty }

    /// Reads bytes.
    ///
    /// - Parameter more: The bytes that have arrived.
    /// - Returns: The keys that are complete.
    public mutating func keys(_ more: some Sequence<UInt8>) -> [Key] {
        bytes += more
        var keys: [Key] = []
        while let (key, count) = first() {
            keys.append(key)
            bytes.removeFirst(count)
        }
        return keys
    }

    /// Ends the wait: what has arrived is all that was sent.
    ///
    /// - Returns: The keys.
    public mutating func flush() -> [Key] {
        defer { bytes = [] }
        return bytes.isEmpty ? [] : [bytes == [0x1B] ? .escape : .other]
    }

    /// The first key and the number of its bytes, or nil if it is not complete.
    private func first() -> (Key, Int)? {
        guard let byte = bytes.first else { return nil }
        switch byte {
        case 0x03, 0x04: return (.interrupt, 1)
        case 0x0A, 0x0D: return (.enter, 1)
        case 0x08, 0x7F: return (.backspace, 1)
        case 0x1B: return sequence()
        case ..<0x20: return (.other, 1)
        case ..<0x80: return (.character(Character(Unicode.Scalar(byte))), 1)
        default:
            let count = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            if bytes.count < count { return nil }
            guard let text = String(validating: bytes.prefix(count), as: UTF8.self),
                let character = text.first
            else {
                return (.other, 1)
            }
            return (.character(character), count)
        }
    }

    /// A key that begins with Esc.
    private func sequence() -> (Key, Int)? {
        guard bytes.count > 1 else { return nil }
        guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else {
            return (.escape, 1)
        }
        guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            return nil
        }
        let name = String(decoding: bytes[2...end], as: UTF8.self)
        if name == "200~" { return paste(after: end + 1) }
        let arrows: [String: Key] = ["A": .up, "B": .down, "C": .right, "D": .left]
        return (arrows[name] ?? .other, end + 1)
    }

    private func paste(after start: Int) -> (Key, Int)? {
        let mark = Array("\u{1B}[201~".utf8)
        let content = bytes[start...]
        guard let end = content.firstRange(of: mark) else {
            return content.count > Self.longestPaste ? (.other, bytes.count) : nil
        }
        return (.paste(String(decoding: content[..<end.lowerBound], as: UTF8.self)), end.upperBound)
    }
}

/// Reads the arguments of the instructions of a pickle.
struct PickleReader {
    private let bytes: [UInt8]
    private var position = 0

    /// The most bytes of a text, which is the name of a tensor, a storage, a module or a class.
    private static let longestText = 1 << 12

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let cutOff = Pickle.Problem(reason: "is cut off")

    mutating func byte() throws(Pickle.Problem) -> UInt8 {
        guard position < bytes.count else { throw Self.cutOff }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func take(_ count: Int) throws(Pickle.Problem) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Self.cutOff }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// A number without a sign, of at most eight bytes, the lowest first.
    mutating func integer(_ count: Int) throws(Pickle.Problem) -> Int {
        Int(truncatingIfNeeded: try take(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A number in two's complement whose length comes first, or nil if it has more than eight bytes.
    mutating func longInteger() throws(Pickle.Problem) -> Int? {
        let digits = try take(Int(try byte()))
        guard digits.count <= 8, let last = digits.last else { return digits.isEmpty ? 0 : nil }
        let sign = last >= 0x80 ? UInt64.max : 0
        return Int(truncatingIfNeeded: digits.reversed().reduce(sign) { $0 << 8 | UInt64($1) })
    }

    /// A text in UTF-8 whose length comes first.
    mutating func string(lengthBytes: Int) throws(Pickle.Problem) -> String {
        let length = try integer(lengthBytes)
        guard length <= Self.longestText else {
            throw Pickle.Problem(
                reason: "has a text of \(length) bytes, expected at most \(Self.longestText)")
        }
        guard let text = String(validating: try take(length), as: UTF8.self) else {
            throw Pickle.Problem(reason: "has a text that is not UTF-8")
        }
        return text
    }

    /// A text up to the end of the line.
    mutating func line() throws(Pickle.Problem) -> String {
        let tail = bytes[position..<min(position + Self.longestText, bytes.count)]
        guard let end = tail.firstIndex(of: 0x0A) else { throw Self.cutOff }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}

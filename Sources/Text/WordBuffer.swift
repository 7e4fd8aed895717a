/// The UTF-8 bytes of the word that is being read, in memory that all words share.
struct WordBuffer {
    private var bytes: [UInt8] = []
    private var codePoints = 0

    /// Appends the UTF-8 encoding of a code point.
    mutating func append(_ value: UInt32) {
        codePoints += 1
        if value < 0x80 {
            bytes.append(UInt8(value))
        } else if value < 0x800 {
            bytes.append(UInt8(0xC0 | value >> 6))
            bytes.append(UInt8(0x80 | value & 0x3F))
        } else if value < 0x10000 {
            bytes.append(UInt8(0xE0 | value >> 12))
            bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | value & 0x3F))
        } else {
            bytes.append(UInt8(0xF0 | value >> 18))
            bytes.append(UInt8(0x80 | value >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | value & 0x3F))
        }
    }

    /// Calls `body` with the word and empties the buffer.
    ///
    /// If the buffer is empty, this does nothing and returns true; otherwise it returns the result of `body`.
    mutating func flush(_ body: (UnsafeBufferPointer<UInt8>, Int) -> Bool) -> Bool {
        guard codePoints > 0 else { return true }
        let goesOn = bytes.withUnsafeBufferPointer { body($0, codePoints) }
        bytes.removeAll(keepingCapacity: true)
        codePoints = 0
        return goesOn
    }
}

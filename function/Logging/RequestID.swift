/// The name of a request, by which a line of the log is found again.
enum RequestID {
    /// The most characters of a name.
    static let longest = 128

    /// The name that the client gives, or a new one if it gives none that is valid.
    ///
    /// A name that is written to the log and sent back has only letters, digits and `-._~:/+=`.
    static func read(_ header: String?) -> String {
        guard let header, (1...longest).contains(header.utf8.count), header.utf8.allSatisfy(isAllowed) else {
            return new()
        }
        return header
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~:/+=".utf8.contains(byte)
        }
    }

    /// 32 random hexadecimal digits.
    private static func new() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var (high, low) = (UInt64.random(in: 0...(.max)), UInt64.random(in: 0...(.max)))
        return String(unsafeUninitializedCapacity: 32) { bytes in
            for index in 0..<16 {
                (bytes[index], bytes[index + 16]) = (digits[Int(high & 15)], digits[Int(low & 15)])
                (high, low) = (high >> 4, low >> 4)
            }
            return 32
        }
    }
}

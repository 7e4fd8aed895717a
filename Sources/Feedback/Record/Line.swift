/// One line of the log: eight hexadecimal digits of a checksum, a space, JSON, and a line feed.
///
/// JSON that is written here has no line feed, so a damaged line never hides the one after it. The checksum is that of the
/// JSON.
enum Line {
    private static let feed = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")
    private static let prefix = 9

    /// The line with this content.
    static func framed(_ json: [UInt8]) -> [UInt8] {
        let digits = String(Checksum.of(json), radix: 16)
        return Array(String(repeating: "0", count: 8 - digits.utf8.count).utf8) + Array(digits.utf8) + [space] + json
            + [feed]
    }

    /// The JSON of a line without its line feed, or nil if its checksum says that it is damaged or incomplete.
    static func content(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard line.count > prefix, line[line.startIndex + 8] == space else { return nil }
        let digits = line.prefix(8)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let checksum = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        let json = line.dropFirst(prefix)
        return Checksum.of(json) == checksum ? json : nil
    }

    /// The complete lines of a file in their order.
    ///
    /// - Parameter bytes: The file.
    /// - Returns: The range of each line with its line feed, its content or nil if it is damaged, and the number of bytes
    ///   up to the end of the last line that is not damaged. What follows is the torn tail of a write that was
    ///   interrupted.
    static func lines(of bytes: [UInt8]) -> (lines: [(range: Range<Int>, content: ArraySlice<UInt8>?)], end: Int) {
        var lines: [(Range<Int>, ArraySlice<UInt8>?)] = []
        var (start, end) = (0, 0)
        while let stop = bytes[start...].firstIndex(of: feed) {
            let content = content(bytes[start..<stop])
            lines.append((start..<stop + 1, content))
            start = stop + 1
            if content != nil { end = start }
        }
        return (lines, end)
    }
}

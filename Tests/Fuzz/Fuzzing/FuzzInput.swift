/// The bytes that libFuzzer passes to a fuzzer, which takes them from front to back.
public struct FuzzInput {
    /// The bytes that have not been taken.
    public private(set) var rest: ArraySlice<UInt8>

    /// Copies the bytes, because libFuzzer owns them.
    public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    /// Takes one byte, or returns 0 at the end.
    public mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// Takes `count` bytes, or all that are left if there are fewer.
    public mutating func bytes(_ count: Int) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The bytes that have not been taken, as a text.
    public var text: String { String(decoding: rest, as: UTF8.self) }
}

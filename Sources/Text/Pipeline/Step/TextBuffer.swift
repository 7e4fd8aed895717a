/// The memory in which a pipeline changes texts, which is used again for the next text.
public struct TextBuffer: Sendable {
    var bytes: [UInt8] = []
    /// Receives the bytes while a step rewrites them.
    private var rewritten: [UInt8] = []
    /// Receives what replaces one part of the text.
    private var replacement: [UInt8] = []

    /// Creates memory without a text.
    public init() {}

    /// Replaces the text.
    public mutating func load(_ text: String) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: text.utf8)
    }

    /// The text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Calls `body` with the text as UTF-8, which is valid only during the call.
    ///
    /// - Parameter body: receives the bytes.
    /// - Returns: the result of `body`.
    /// - Throws: the error of `body`.
    public func withBytes<Result, Failure>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer(body)
    }

    /// Replaces the text by what `body` writes to an empty array, unless `body` returns false.
    @inline(__always)
    mutating func rewrite(_ body: (UTF8Bytes, _ output: inout [UInt8], _ replacement: inout [UInt8]) -> Bool) {
        rewritten.removeAll(keepingCapacity: true)
        if bytes.withUnsafeBufferPointer({ body($0, &rewritten, &replacement) }) { swap(&bytes, &rewritten) }
    }
}

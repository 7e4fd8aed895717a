import NIOCore
import NIOHTTP1

/// Checks that bytes are a sequence of complete answers, which no more requests than `methods` can have caused.
func checkAnswers(_ bytes: ByteBuffer, to methods: [HTTPMethod]) {
    var rest = bytes.readableBytesView
    var methods = methods[...]
    while !rest.isEmpty {
        let (status, length) = takeHead(&rest)
        if status == 100 { continue }
        guard let method = methods.popFirst() else { fatalError("there are more answers than requests") }
        if status == 204 || status == 304 { continue }
        guard let length else { fatalError("an answer has no Content-Length") }
        if method == .HEAD { continue }
        precondition(rest.count >= length, "an answer was cut short")
        rest = rest.dropFirst(length)
    }
}

/// Takes the head of an answer, and returns its status and its Content-Length.
private func takeHead(_ rest: inout ByteBufferView) -> (status: Int, length: Int?) {
    var lines: [String] = []
    repeat {
        let line = rest.prefix { $0 != UInt8(ascii: "\r") }
        precondition(rest.dropFirst(line.count).starts(with: "\r\n".utf8), "the head of an answer does not end")
        precondition(!line.contains { $0 < 0x20 || $0 == 0x7F }, "the head of an answer has a control character")
        lines.append(String(decoding: line, as: UTF8.self))
        rest = rest.dropFirst(line.count + 2)
    } while lines.last != ""
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", let status = Int(words[1]) else {
        fatalError("this is no status line: \(lines[0])")
    }
    let lengths = lines.filter { $0.lowercased().hasPrefix("content-length:") }
    precondition(lengths.count <= 1, "an answer has several Content-Length headers")
    return (status, lengths.first.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) })
}

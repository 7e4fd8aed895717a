/// A model of SentencePiece: its pieces, their scores, and its table of characters.
///
/// The file is a message of Protocol Buffers. Only unigram models are read.
///
/// - Source: `sentencepiece_model.proto` of SentencePiece; Protocol Buffers, "Encoding".
struct SentencePieceModel {
    let path: String
    /// All pieces in the order of their ids.
    private(set) var pieces: [(text: String, score: Double)] = []
    /// The table that maps characters; empty if it maps none.
    private(set) var characters: [UInt8] = []

    /// The number of a unigram model in `model_type`, which is also the default.
    private static let unigram = 1

    /// Reads a file.
    ///
    /// - Throws: `PackagingError` if the file is damaged or has another kind of model.
    init(path: String) throws {
        self.path = path
        let bytes = try CheckpointFile.bytes(path)
        var kind = Self.unigram
        var message = ProtocolBuffer(bytes[...])
        while let field = try message.next(path) {
            switch (field.number, field.value) {
            case (1, .bytes(let piece)): pieces.append(try Self.piece(piece, path))
            case (2, .bytes(let trainer)):
                var trainer = ProtocolBuffer(trainer)
                while let field = try trainer.next(path) {
                    if field.number == 3, case .integer(let value) = field.value { kind = Int(clamping: value) }
                }
            case (3, .bytes(let normalizer)):
                var normalizer = ProtocolBuffer(normalizer)
                while let field = try normalizer.next(path) {
                    if field.number == 2, case .bytes(let table) = field.value { characters = Array(table) }
                }
            default: break
            }
        }
        guard kind == Self.unigram, pieces.count > 3 else {
            throw PackagingError.unsupported(
                path: path, what: "the model of SentencePiece", found: "of type \(kind) with \(pieces.count) pieces",
                expected: "type \(Self.unigram), which is unigram, with more than 3 pieces")
        }
    }

    private static func piece(_ bytes: ArraySlice<UInt8>, _ path: String) throws -> (text: String, score: Double) {
        var piece = (text: "", score: 0.0)
        var message = ProtocolBuffer(bytes)
        while let field = try message.next(path) {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): piece.text = String(decoding: text, as: UTF8.self)
            case (2, .float(let score)): piece.score = Double(score)
            default: break
            }
        }
        return piece
    }
}

/// The fields of a message of Protocol Buffers, one after the other.
private struct ProtocolBuffer {
    enum Value {
        case integer(UInt64)
        case float(Float)
        case bytes(ArraySlice<UInt8>)
        /// A number of 64 bits. None of the fields that are read has one.
        case other
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field, or nil at the end.
    mutating func next(_ path: String) throws -> (number: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let damaged = PackagingError.malformed(path: path, reason: "is not a model of SentencePiece, or is cut off")
        guard let tag = integer() else { throw damaged }
        var value: Value?
        switch tag & 7 {
        case 0: value = integer().map { .integer($0) }
        case 1: value = take(8).map { _ in .other }
        case 2: value = integer().flatMap { Int(exactly: $0) }.flatMap { take($0) }.map { .bytes($0) }
        case 5:
            value = take(4).map { .float(Float(bitPattern: $0.reversed().reduce(0) { $0 << 8 | UInt32($1) })) }
        default: break
        }
        guard let value else { throw damaged }
        return (tag >> 3, value)
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Reads a number of seven bits a byte, the lowest first.
    private mutating func integer() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}

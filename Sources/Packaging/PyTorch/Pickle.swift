/// Reads the pickle of a state dict, without ever running anything.
///
/// Opening a pickle in Python runs what it names. This interpreter knows only the instructions that state dicts consist of,
/// and of classes and functions only those that describe tensors; everything else is refused by its name. Values have a
/// bounded size and depth, so no pickle can exhaust the memory.
///
/// - Source: `pickletools.py` of Python; `torch/_utils.py` and `torch/serialization.py` of PyTorch.
struct Pickle {
    /// A reason why the pickle cannot be read.
    struct Problem: Error, Equatable {
        var reason: String
    }

    /// The most values on the stack, and in the memory of values that are used again.
    static let mostValues = 1 << 20
    /// The most tuples inside each other.
    static let deepestTuple = 8
    /// The most extents of a tensor.
    static let mostExtents = 16

    private var reader: PickleReader
    var stack: [PickleValue] = []
    private var memo: [Int: PickleValue] = [:]

    /// Reads the tensors of a state dict.
    ///
    /// - Parameter bytes: The pickle.
    /// - Returns: The tensors by their names.
    /// - Throws: `Problem` if it is damaged, or is not the pickle of a state dict.
    static func tensors(_ bytes: [UInt8]) throws(Problem) -> [String: PickleTensor] {
        var pickle = Pickle(reader: PickleReader(bytes))
        while try pickle.step() {}
        guard case .dictionary(let dictionary) = pickle.stack.last, pickle.stack.count == 1 else {
            throw Problem(reason: "holds something else than a dictionary of tensors")
        }
        return dictionary.tensors
    }

    private init(reader: PickleReader) { self.reader = reader }

    /// Carries out one instruction, and returns whether there are more.
    private mutating func step() throws(Problem) -> Bool {
        let code = try reader.byte()
        switch Character(Unicode.Scalar(code)) {
        case "\u{80}": _ = try reader.byte()  // The version of the protocol.
        case "\u{95}": _ = try reader.integer(8)  // The length of what follows.
        case ".": return false
        case "N": try push(.none)
        case "\u{88}": try push(.bool(true))
        case "\u{89}": try push(.bool(false))
        case "K": try push(.integer(try reader.integer(1)))
        case "M": try push(.integer(try reader.integer(2)))
        case "J": try push(.integer(Int(Int32(truncatingIfNeeded: try reader.integer(4)))))
        case "\u{8A}": try push(try reader.longInteger().map { .integer($0) } ?? .other)
        case "G":
            _ = try reader.integer(8)
            try push(.other)  // A number that is not whole.
        case "X": try push(.string(try reader.string(lengthBytes: 4)))
        case "\u{8C}": try push(.string(try reader.string(lengthBytes: 1)))
        case "(": try push(.mark)
        case ")": try push(.tuple([], depth: 1))
        case "}": try push(.dictionary(PickleDictionary()))
        case "]": try push(.list)
        case "t": try push(tuple(of: try popToMark()))
        case "\u{85}", "\u{86}", "\u{87}": try push(tuple(of: try pop(Int(code) - 0x84)))
        case "q": try remember(at: try reader.integer(1))
        case "r": try remember(at: try reader.integer(4))
        case "\u{94}": try remember(at: memo.count)
        case "h": try push(recalled(try reader.integer(1)))
        case "j": try push(recalled(try reader.integer(4)))
        case "c":
            let module = try reader.line()
            try push(global(module, try reader.line()))
        case "\u{93}":
            let names = try pop(2)
            guard case (.string(let module), .string(let name)) = (names[0], names[1]) else {
                throw Problem(reason: "is damaged: a class has no name")
            }
            try push(global(module, name))
        case "R": try call()
        case "Q": try pushStorage()
        case "b": _ = try pop(1)  // The state of an ordered dictionary says which version of a module it is of.
        case "s":
            let item = try pop(2)
            try setItems(item)
        case "u":
            let items = try popToMark()
            try setItems(items)
        case "a": _ = try pop(1)
        case "e": _ = try popToMark()
        default:
            throw Problem(
                reason: "has the instruction 0x\(String(code, radix: 16)) of pickle, which no state dict needs")
        }
        return true
    }

    /// Keeps the last value for later.
    private mutating func remember(at index: Int) throws(Problem) {
        guard let value = stack.last else { throw Problem(reason: "is damaged: a value is missing") }
        guard memo.count < Self.mostValues else { throw Problem(reason: "keeps more than \(Self.mostValues) values") }
        memo[index] = value
    }

    private func recalled(_ index: Int) throws(Problem) -> PickleValue {
        guard let value = memo[index] else { throw Problem(reason: "is damaged: it has kept no value \(index)") }
        return value
    }
}

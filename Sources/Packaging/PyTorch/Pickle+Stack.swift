extension Pickle {
    mutating func push(_ value: PickleValue) throws(Problem) {
        guard stack.count < Self.mostValues else {
            throw Problem(reason: "has more than \(Self.mostValues) values at a time")
        }
        stack.append(value)
    }

    /// Removes the last values, the first of them first.
    mutating func pop(_ count: Int) throws(Problem) -> [PickleValue] {
        guard stack.count >= count else { throw Problem(reason: "is damaged: a value is missing") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    /// Removes the values after the last mark, and the mark.
    mutating func popToMark() throws(Problem) -> [PickleValue] {
        let mark = stack.lastIndex { if case .mark = $0 { true } else { false } }
        guard let mark else { throw Problem(reason: "is damaged: a mark is missing") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[(mark + 1)...])
    }

    func tuple(of values: [PickleValue]) throws(Problem) -> PickleValue {
        var depth = 1
        for case .tuple(_, let inner) in values { depth = max(depth, inner + 1) }
        guard depth <= Self.deepestTuple else {
            throw Problem(reason: "has more than \(Self.deepestTuple) tuples inside each other")
        }
        return .tuple(values, depth: depth)
    }

    /// The global that is acted for, or an error that names it.
    func global(_ module: String, _ name: String) throws(Problem) -> PickleValue {
        guard let global = PickleGlobal("\(module).\(name)") else {
            throw Problem(
                reason: "uses '\("\(module).\(name)".prefix(100))', which no state dict needs, so it may run code")
        }
        return .global(global)
    }

    /// Acts as a call would: the function and the tuple of its arguments are on the stack.
    mutating func call() throws(Problem) {
        let parts = try pop(2)
        guard case (.global(let function), .tuple(let arguments, _)) = (parts[0], parts[1]) else {
            throw Problem(reason: "calls something that is not a function")
        }
        switch function {
        case .orderedDictionary: try push(.dictionary(PickleDictionary()))
        case .rebuildTensor: try push(.tensor(try Self.tensor(arguments)))
        case .rebuildParameter:
            guard case .tensor(let tensor) = arguments.first else {
                throw Problem(reason: "has a parameter that is not a tensor")
            }
            try push(.tensor(tensor))
        case .storage: throw Problem(reason: "calls the class of a storage")
        }
    }

    /// The tensor of the arguments (storage, offset, shape, strides, …).
    private static func tensor(_ arguments: [PickleValue]) throws(Problem) -> PickleTensor {
        func integers(_ value: PickleValue) -> [Int]? {
            guard case .tuple(let values, _) = value, values.count <= mostExtents else { return nil }
            var integers: [Int] = []
            for case .integer(let value) in values { integers.append(value) }
            return integers.count == values.count ? integers : nil
        }
        guard arguments.count >= 4, case (.storage(let storage), .integer(let offset)) = (arguments[0], arguments[1]),
            let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count,
            offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 })
        else { throw Problem(reason: "has a tensor that is not a storage with an offset, a shape and strides") }
        return PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    /// Replaces a persistent id, ('storage', class, key, place, count), by the storage.
    mutating func pushStorage() throws(Problem) {
        guard case .tuple(let id, _) = try pop(1)[0], id.count == 5,
            case (.string("storage"), .global(.storage(let element)), .string(let key)) = (id[0], id[1], id[2])
        else { throw Problem(reason: "refers to something else than the storage of a tensor") }
        try push(.storage(PickleStorage(element: element, key: key)))
    }

    /// Adds keys and values to the dictionary that is on the stack.
    ///
    /// Only names with tensors are kept.
    func setItems(_ items: [PickleValue]) throws(Problem) {
        guard case .dictionary(let dictionary) = stack.last, items.count % 2 == 0 else {
            throw Problem(reason: "is damaged: items have no dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            guard case (.string(let name), .tensor(let tensor)) = (items[index], items[index + 1]) else { continue }
            dictionary.tensors[name] = tensor
        }
    }
}

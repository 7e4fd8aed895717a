/// One value of a model file's metadata: the types of GGUF, with arrays of one level.
public enum MetadataValue: Sendable, Equatable {
    case uint8(UInt8)
    case int8(Int8)
    case uint16(UInt16)
    case int16(Int16)
    case uint32(UInt32)
    case int32(Int32)
    case float32(Float)
    case bool(Bool)
    case string(String)
    case array([MetadataValue])
    case uint64(UInt64)
    case int64(Int64)
    case float64(Double)

    /// The number GGUF gives the type.
    var typeNumber: UInt32 {
        switch self {
        case .uint8: 0
        case .int8: 1
        case .uint16: 2
        case .int16: 3
        case .uint32: 4
        case .int32: 5
        case .float32: 6
        case .bool: 7
        case .string: 8
        case .array: 9
        case .uint64: 10
        case .int64: 11
        case .float64: 12
        }
    }

    /// The value as an `Int`, if it is an integer that fits.
    var integer: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(exactly: value)
        default: nil
        }
    }
}

/// The metadata of a model file: keys and values in file order, read by type.
public struct Metadata: Sendable {
    public let entries: [(key: String, value: MetadataValue)]
    let path: String
    private let index: [String: Int]

    init(path: String, entries: [(key: String, value: MetadataValue)]) throws(ModelFileError) {
        self.path = path
        self.entries = entries
        var index = [String: Int](minimumCapacity: entries.count)
        for (position, entry) in entries.enumerated() where index.updateValue(position, forKey: entry.key) != nil {
            throw .duplicateKey(path: path, key: entry.key)
        }
        self.index = index
    }

    public subscript(key: String) -> MetadataValue? {
        index[key].map { entries[$0].value }
    }

    public func string(_ key: String) throws(ModelFileError) -> String {
        guard case .string(let value) = try value(key) else {
            throw .wrongValueType(path: path, key: key, expected: "a string")
        }
        return value
    }

    public func bool(_ key: String) throws(ModelFileError) -> Bool {
        guard case .bool(let value) = try value(key) else {
            throw .wrongValueType(path: path, key: key, expected: "a boolean")
        }
        return value
    }

    public func float(_ key: String) throws(ModelFileError) -> Float {
        guard case .float32(let value) = try value(key) else {
            throw .wrongValueType(path: path, key: key, expected: "a float32")
        }
        return value
    }

    public func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelFileError) -> Int {
        guard let value = try value(key).integer else {
            throw .wrongValueType(path: path, key: key, expected: "an integer")
        }
        guard range.contains(value) else { throw .valueOutOfRange(path: path, key: key, found: value, expected: range) }
        return value
    }

    public func strings(_ key: String) throws(ModelFileError) -> [String] {
        let error = ModelFileError.wrongValueType(path: path, key: key, expected: "an array of strings")
        guard case .array(let values) = try value(key) else { throw error }
        var strings: [String] = []
        for value in values {
            guard case .string(let string) = value else { throw error }
            strings.append(string)
        }
        return strings
    }

    private func value(_ key: String) throws(ModelFileError) -> MetadataValue {
        guard let value = self[key] else { throw .missingKey(path: path, key: key) }
        return value
    }
}

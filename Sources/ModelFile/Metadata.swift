/// One key of a model file's metadata, and its value.
public typealias MetadataEntry = (key: String, value: MetadataValue)

/// The metadata of a model file: keys and values in file order, read by type.
public struct Metadata: Sendable {
    /// All keys and values, in file order.
    public let entries: [MetadataEntry]
    let path: String
    private let index: [String: Int]

    init(path: String, entries: [MetadataEntry]) throws(ModelFileError) {
        self.path = path
        self.entries = entries
        var index = [String: Int](minimumCapacity: entries.count)
        for (position, entry) in entries.enumerated() where index.updateValue(position, forKey: entry.key) != nil {
            throw .duplicateKey(path: path, key: entry.key)
        }
        self.index = index
    }

    /// Creates metadata from entries whose keys are different.
    init(path: String, distinct entries: [MetadataEntry]) {
        self.path = path
        self.entries = entries
        index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.key, $0) })
    }

    /// The value of `key`, or nil if the file does not have it.
    public subscript(key: String) -> MetadataValue? {
        index[key].map { entries[$0].value }
    }

    /// The value of a string key.
    ///
    /// - Parameter key: The key's full name.
    /// - Returns: The string.
    /// - Throws: `ModelFileError` if the key is missing or its value is not a string.
    public func string(_ key: String) throws(ModelFileError) -> String {
        guard case .string(let value) = try value(key) else {
            throw .wrongValueType(path: path, key: key, expected: "a string")
        }
        return value
    }

    /// The value of a boolean key.
    ///
    /// - Parameter key: The key's full name.
    /// - Returns: The boolean.
    /// - Throws: `ModelFileError` if the key is missing or its value is not a boolean.
    public func bool(_ key: String) throws(ModelFileError) -> Bool {
        guard case .bool(let value) = try value(key) else {
            throw .wrongValueType(path: path, key: key, expected: "a boolean")
        }
        return value
    }

    /// The value of a float32 key.
    ///
    /// - Parameters:
    ///   - key: The key's full name.
    ///   - range: The values that are allowed.
    /// - Returns: A finite number in `range`.
    /// - Throws: `ModelFileError` if the key is missing, or its value is not a float32 in `range`.
    public func float(_ key: String, in range: ClosedRange<Float>) throws(ModelFileError) -> Float {
        guard case .float32(let value) = try value(key) else {
            throw .wrongValueType(path: path, key: key, expected: "a float32")
        }
        guard range.contains(value) else {
            throw .invalid(
                path: path, reason: "'\(key)' is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The value of an integer key of any width.
    ///
    /// - Parameters:
    ///   - key: The key's full name.
    ///   - range: The values that are allowed.
    /// - Returns: An integer in `range`.
    /// - Throws: `ModelFileError` if the key is missing, or its value is not an integer in `range`.
    public func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelFileError) -> Int {
        guard let value = try value(key).integer else {
            throw .wrongValueType(path: path, key: key, expected: "an integer")
        }
        guard range.contains(value) else { throw .valueOutOfRange(path: path, key: key, found: value, expected: range) }
        return value
    }

    /// The value of a key that holds an array of strings.
    ///
    /// - Parameter key: The key's full name.
    /// - Returns: The strings.
    /// - Throws: `ModelFileError` if the key is missing or its value is not an array of strings.
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

    /// The value of a key that holds an array of integers of any width.
    ///
    /// - Parameters:
    ///   - key: The key's full name.
    ///   - range: The values that are allowed.
    /// - Returns: The integers, each in `range`.
    /// - Throws: `ModelFileError` if the key is missing or its value is not an array of such integers.
    public func integers(_ key: String, in range: ClosedRange<Int>) throws(ModelFileError) -> [Int] {
        let error = ModelFileError.wrongValueType(path: path, key: key, expected: "an array of integers")
        guard case .array(let values) = try value(key) else { throw error }
        var integers: [Int] = []
        for value in values {
            guard let integer = value.integer else { throw error }
            guard range.contains(integer) else {
                throw .valueOutOfRange(path: path, key: key, found: integer, expected: range)
            }
            integers.append(integer)
        }
        return integers
    }

    private func value(_ key: String) throws(ModelFileError) -> MetadataValue {
        guard let value = self[key] else { throw .missingKey(path: path, key: key) }
        return value
    }
}

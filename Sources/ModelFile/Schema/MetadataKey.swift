/// A key of a model file's metadata, and how its value is read and written.
struct MetadataKey<Value>: Sendable {
    /// The key's full name, such as `pinson.labels`.
    let name: String
    private let read: @Sendable (Metadata, String) throws(ModelFileError) -> Value
    private let write: @Sendable (Value) -> MetadataValue

    init(
        _ name: String, read: @escaping @Sendable (Metadata, String) throws(ModelFileError) -> Value,
        write: @escaping @Sendable (Value) -> MetadataValue
    ) {
        self.name = name
        self.read = read
        self.write = write
    }

    /// Reads the key's value.
    func value(in metadata: Metadata) throws(ModelFileError) -> Value { try read(metadata, name) }

    /// The entry that is written for `value`.
    func entry(_ value: Value) -> MetadataEntry { (name, write(value)) }
}

extension MetadataKey<String> {
    static func string(_ name: String) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            try metadata.string(name)
        } write: {
            .string($0)
        }
    }
}

extension MetadataKey<Bool> {
    static func bool(_ name: String) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            try metadata.bool(name)
        } write: {
            .bool($0)
        }
    }
}

extension MetadataKey<Int> {
    static func integer(_ name: String, in range: ClosedRange<Int>) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            try metadata.integer(name, in: range)
        } write: {
            .uint32(UInt32($0))
        }
    }
}

extension MetadataKey<[Int]> {
    static func integers(_ name: String, in range: ClosedRange<Int>) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            try metadata.integers(name, in: range)
        } write: {
            .array($0.map { .uint32(UInt32($0)) })
        }
    }
}

extension MetadataKey<Float> {
    static func float(_ name: String, in range: ClosedRange<Float>) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            try metadata.float(name, in: range)
        } write: {
            .float32($0)
        }
    }
}

extension MetadataKey<[String]> {
    static func strings(_ name: String) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            try metadata.strings(name)
        } write: {
            .array($0.map { .string($0) })
        }
    }
}

extension MetadataKey where Value: RawRepresentable<String> & CaseIterable & Sendable, Value.AllCases: Sendable {
    /// A string that names a case of `Value`.
    static func choice(_ name: String) -> Self {
        Self(name) { (metadata, name) throws(ModelFileError) in
            let text = try metadata.string(name)
            guard let value = Value(rawValue: text) else {
                let known = Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
                throw .invalid(path: metadata.path, reason: "'\(name)' is '\(text)', expected one of \(known)")
            }
            return value
        } write: {
            .string($0.rawValue)
        }
    }
}

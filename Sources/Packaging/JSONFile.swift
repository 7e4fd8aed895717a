internal import JSON

/// A JSON object in a file.
struct JSONFile {
    let path: String
    let object: JSON

    init(path: String) throws {
        self.path = path
        object = try JSON(file: path)
        guard case .object = object else { throw PackagingError.malformed(path: path, reason: "is not a JSON object") }
    }

    /// The value under `key`; nil if it is missing or null.
    subscript(key: String) -> JSON? { object.value(key) }

    /// The integer under `key`.
    func integer(_ key: String) throws -> Int {
        guard let value = self[key]?.integer else {
            let found = self[key].map { "the value \($0.summary)" } ?? "no value"
            throw PackagingError.malformed(path: path, reason: "has \(found) for \"\(key)\", expected an integer")
        }
        return value
    }
}

extension JSON {
    /// Reads the JSON value in a file.
    ///
    /// - Throws: `PackagingError` if the file cannot be read or is not JSON.
    init(file path: String) throws {
        let bytes = try CheckpointFile.bytes(path)
        do { self = try JSON(parsing: bytes) } catch {
            throw PackagingError.malformed(path: path, reason: "is not valid JSON: \(error)")
        }
    }

    /// The value of `key` in an object; nil if it is missing or null.
    func value(_ key: String) -> JSON? { self[key].flatMap { $0 == .null ? nil : $0 } }

    /// The string, or nil if this is not a string.
    var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The integer, or nil if this is not a number without a fraction.
    var integer: Int? {
        guard case .number(let value) = self else { return nil }
        return Int(exactly: value)
    }

    /// The number, or nil if this is not a number.
    var number: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The boolean, or nil if this is not a boolean.
    var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil if this is not an array.
    var elements: [JSON]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The members, or nil if this is not an object.
    var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The value for an error message: a string without quotes, and everything else as JSON, cut if it is long.
    var summary: String {
        var text = string ?? ""
        if string == nil {
            var writer = JSONWriter()
            writer.value(self)
            text = writer.text
        }
        return text.unicodeScalars.count > 100 ? "\(String(text.unicodeScalars.prefix(100)))…" : text
    }
}

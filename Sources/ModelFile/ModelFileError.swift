import Glibc

/// Why a model file cannot be used or written.
///
/// Each case names the file, what was found and what was wanted.
public enum ModelFileError: Error, Equatable {
    case unreadable(path: String, operation: String, errno: Int32)
    case unwritable(path: String, operation: String, errno: Int32)
    case notAFile(path: String)
    case empty(path: String)
    case badMagic(path: String, found: [UInt8])
    case wrongVersion(path: String, found: UInt32)
    case truncated(path: String, reading: String, needed: Int, size: Int)
    case trailingBytes(path: String, expected: Int, size: Int)
    case countOutOfBounds(path: String, counting: String, found: UInt64, room: Int)
    case notUTF8(path: String, reading: String)
    case badName(path: String, name: String, limit: Int)
    case duplicateKey(path: String, key: String)
    case missingKey(path: String, key: String)
    case unknownValueType(path: String, key: String, found: UInt32)
    case wrongValueType(path: String, key: String, expected: String)
    case valueOutOfRange(path: String, key: String, found: Int, expected: ClosedRange<Int>)
    case wrongArchitecture(path: String, found: String)
    case wrongFormatVersion(path: String, found: Int)
    case wrongAlignment(path: String, found: Int)
    case dataNotOnPage(path: String, offset: Int)
    case duplicateTensor(path: String, name: String)
    case badRank(path: String, name: String, found: UInt32)
    case shapeOutOfBounds(path: String, name: String)
    case unknownTensorType(path: String, name: String, found: UInt32)
    case misalignedTensor(path: String, name: String, offset: UInt64)
    case tensorOutOfPlace(path: String, name: String, found: UInt64, expected: Int)
    case missingTensor(path: String, name: String)
    case wrongTensorType(path: String, name: String, found: TensorType, expected: TensorType)
    case shapeMismatch(path: String, name: String, found: [Int], expected: [Int])
    case wrongDigest(path: String, part: String, found: String, expected: String)
    /// What the metadata or the weights say cannot be: the reader that found it says why.
    case invalid(path: String, reason: String)
}

extension ModelFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let operation, let errno):
            "\(path): cannot \(operation) the model file: \(message(errno))."
        case .unwritable(let path, let operation, let errno):
            "\(path): cannot \(operation) the model file: \(message(errno))."
        case .notAFile(let path):
            "\(path): is not a regular file; name the model file itself."
        case .empty(let path):
            "\(path): is empty; the copy or the download may have failed."
        case .badMagic(let path, let found):
            "\(path): starts with bytes \(found), expected \"GGUF\" \(Array("GGUF".utf8)). "
                + "It is not a model file; write one with `pinson pack`."
        case .wrongVersion(let path, let found):
            "\(path): is GGUF version \(found), expected 3. \(Self.packAgain)"
        case .truncated(let path, let reading, let needed, let size):
            "\(path): ends within \(reading): it has \(size) bytes, expected at least \(needed). The copy may be incomplete."
        case .trailingBytes(let path, let expected, let size):
            "\(path): has \(size) bytes, expected \(expected): something was appended. \(Self.packAgain)"
        case .countOutOfBounds(let path, let counting, let found, let room):
            "\(path): claims \(found) \(counting), but only \(room) bytes follow. \(Self.packAgain)"
        case .notUTF8(let path, let reading):
            "\(path): \(reading) is not UTF-8. \(Self.packAgain)"
        case .badName(let path, let name, let limit):
            "\(path): the name '\(name)' has \(name.utf8.count) bytes, expected 1 to \(limit). \(Self.packAgain)"
        case .duplicateKey(let path, let key):
            "\(path): has the metadata key '\(key)' twice. \(Self.packAgain)"
        case .missingKey(let path, let key):
            "\(path): lacks the metadata key '\(key)'. \(Self.packAgain)"
        case .unknownValueType(let path, let key, let found):
            "\(path): the metadata value of '\(key)' has type \(found), expected 0 to 12, and no array in an array. \(Self.packAgain)"
        case .wrongValueType(let path, let key, let expected):
            "\(path): the metadata value of '\(key)' is not \(expected). \(Self.packAgain)"
        case .valueOutOfRange(let path, let key, let found, let expected):
            "\(path): '\(key)' is \(found), expected \(expected.lowerBound) to \(expected.upperBound). \(Self.packAgain)"
        case .wrongArchitecture(let path, let found):
            "\(path): is a GGUF file of architecture '\(found)', expected 'pinson'. Pack the checkpoint it was made from with `pinson pack`."
        case .wrongFormatVersion(let path, let found):
            "\(path): has format version \(found), this build reads \(ModelFile.formatVersion). \(Self.packAgain)"
        case .wrongAlignment(let path, let found):
            "\(path): is aligned to \(found) bytes, expected \(ModelFile.alignment). \(Self.packAgain)"
        case .dataNotOnPage(let path, let offset):
            "\(path): its data starts at byte \(offset), expected a multiple of \(ModelFile.pageSize). \(Self.packAgain)"
        case .duplicateTensor(let path, let name):
            "\(path): has the tensor '\(name)' twice. \(Self.packAgain)"
        case .badRank(let path, let name, let found):
            "\(path): tensor '\(name)' has rank \(found), expected 1 to 4. \(Self.packAgain)"
        case .shapeOutOfBounds(let path, let name):
            "\(path): tensor '\(name)' has an extent of zero, or is larger than the file. \(Self.packAgain)"
        case .unknownTensorType(let path, let name, let found):
            "\(path): tensor '\(name)' has type \(found), expected "
                + TensorType.allCases.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ") + ". \(Self.packAgain)"
        case .misalignedTensor(let path, let name, let offset):
            "\(path): tensor '\(name)' lies at offset \(offset), expected a multiple of \(ModelFile.alignment). \(Self.packAgain)"
        case .tensorOutOfPlace(let path, let name, let found, let expected):
            "\(path): tensor '\(name)' lies at offset \(found), expected \(expected): tensors may neither overlap nor leave gaps. \(Self.packAgain)"
        case .missingTensor(let path, let name):
            "\(path): lacks the tensor '\(name)'. \(Self.packAgain)"
        case .wrongTensorType(let path, let name, let found, let expected):
            "\(path): tensor '\(name)' is \(found), expected \(expected). \(Self.packAgain)"
        case .shapeMismatch(let path, let name, let found, let expected):
            "\(path): tensor '\(name)' is \(Self.text(found)), expected \(Self.text(expected)). \(Self.packAgain)"
        case .wrongDigest(let path, let part, let found, let expected):
            "\(path): \(part) has the SHA-256 \(found), expected \(expected): the file was damaged or changed. Copy it again."
        case .invalid(let path, let reason):
            "\(path): \(reason). \(Self.packAgain)"
        }
    }

    private static let packAgain = "Write it again with `pinson pack`."

    private static func text(_ shape: [Int]) -> String {
        "(" + shape.map(String.init).joined(separator: ", ") + ")"
    }
}

/// The C library's words for an error number.
private func message(_ errno: Int32) -> String {
    String(cString: strerror(errno))
}

import Glibc

/// The reason why a model file cannot be used.
///
/// Each case names the file, what was found and what was expected.
public enum ModelFileError: Error, Equatable {
    /// The system refused to open or read the file.
    case unreadable(path: String, operation: String, errno: Int32)
    /// The path is a folder, a pipe or a device.
    case notAFile(path: String)
    /// The file is a pointer of Git LFS, and the model is elsewhere.
    case lfsPointer(path: String)
    /// The file has no bytes.
    case empty(path: String)
    /// The file does not start with "GGUF".
    case badMagic(path: String)
    /// The file has another version of GGUF.
    case wrongVersion(path: String, found: UInt32)
    /// The file ends too early.
    case truncated(path: String, reading: String, needed: Int, size: Int)
    /// Bytes follow the last tensor.
    case trailingBytes(path: String, expected: Int, size: Int)
    /// A count is larger than the rest of the file could hold.
    case countOutOfBounds(path: String, counting: String, found: UInt64, room: Int)
    /// A string is not UTF-8.
    case notUTF8(path: String, reading: String)
    /// A name is empty or too long.
    case badName(path: String, name: String, limit: Int)
    /// A metadata key occurs twice.
    case duplicateKey(path: String, key: String)
    /// A metadata key is missing.
    case missingKey(path: String, key: String)
    /// A metadata value has a type that GGUF does not have.
    case unknownValueType(path: String, key: String, found: UInt32)
    /// A metadata value has another type than its key requires.
    case wrongValueType(path: String, key: String, expected: String)
    /// A number in the metadata is too small or too large.
    case valueOutOfRange(path: String, key: String, found: Int, expected: ClosedRange<Int>)
    /// The file holds a model of another program.
    case wrongArchitecture(path: String, found: String)
    /// The keys and tensors have another version than this build reads.
    case wrongFormatVersion(path: String, found: Int)
    /// The tensors are aligned to another number of bytes.
    case wrongAlignment(path: String, found: Int)
    /// The data does not start on a page boundary.
    case dataNotOnPage(path: String, offset: Int)
    /// Two tensors have the same name.
    case duplicateTensor(path: String, name: String)
    /// A tensor has no extents or too many.
    case badRank(path: String, name: String, found: UInt32)
    /// A tensor has an extent of zero, or is larger than the file.
    case shapeOutOfBounds(path: String, name: String)
    /// A tensor has a type that this build does not read.
    case unknownTensorType(path: String, name: String, found: UInt32)
    /// A tensor starts between two multiples of the alignment.
    case misalignedTensor(path: String, name: String, offset: UInt64)
    /// A tensor overlaps another one or leaves a gap.
    case tensorOutOfPlace(path: String, name: String, found: UInt64, expected: Int)
    /// A tensor is missing.
    case missingTensor(path: String, name: String)
    /// A tensor has another type than the family requires.
    case wrongTensorType(path: String, name: String, found: TensorType, expected: TensorType)
    /// A tensor has another shape than the family requires.
    case shapeMismatch(path: String, name: String, found: [Int], expected: [Int])
    /// The bytes have changed since the file was written.
    case wrongDigest(path: String, part: String, found: String, expected: String)
    /// A weight is not a finite number.
    case notFinite(path: String, name: String)
    /// An array or a text of the metadata has more elements or bytes than a reader accepts.
    case tooLong(path: String, key: String, found: Int, limit: Int)
    /// The model is a sentence encoder, which has no labels.
    case noLabels(path: String)
    /// The metadata or the weights are not valid for another reason.
    case invalid(path: String, reason: String)
}

extension ModelFileError: CustomStringConvertible {
    /// The file, what was found, what was expected, and what to do next.
    public var description: String {
        switch self {
        case .unreadable(let path, let operation, let errno):
            "\(path): cannot \(operation) the model file: \(message(errno))."
        case .notAFile(let path):
            "\(path): is not a regular file. Name the model file itself; `pinson pack` makes one from a checkpoint."
        case .lfsPointer(let path):
            "\(path): is a pointer of Git LFS, not the model file itself. Run `git lfs pull` in its repository."
        case .empty(let path):
            "\(path): is empty. The copy or the download may have failed; try it again."
        case .badMagic(let path):
            "\(path): is not a GGUF file. Write a model file with `pinson pack`."
        case .wrongVersion(let path, let found):
            "\(path): is GGUF version \(found), expected 3. \(Self.packAgain)"
        case .truncated(let path, let reading, let needed, let size):
            "\(path): ends within \(reading): it has \(size) bytes, expected at least \(needed). The copy may be incomplete; copy it again."
        case .trailingBytes(let path, let expected, let size):
            "\(path): has \(size) bytes, expected \(expected). Bytes were appended after the last tensor. \(Self.packAgain)"
        case .countOutOfBounds(let path, let counting, let found, let room):
            "\(path): claims to have \(found) \(counting), which is more than is possible with \(room) bytes left. \(Self.packAgain)"
        case .notUTF8(let path, let reading):
            "\(path): \(reading) is not UTF-8. \(Self.packAgain)"
        case .badName(let path, let name, let limit):
            "\(path): the name '\(name)' has \(name.utf8.count) bytes, expected 1 to \(limit). \(Self.packAgain)"
        case .duplicateKey(let path, let key):
            "\(path): has the metadata key '\(key)' twice. \(Self.packAgain)"
        case .missingKey(let path, let key):
            "\(path): does not have the metadata key '\(key)'. \(Self.packAgain)"
        case .unknownValueType(let path, let key, let found):
            "\(path): the metadata value of '\(key)' has type \(found), expected 0 to 12. Arrays cannot contain arrays. \(Self.packAgain)"
        case .wrongValueType(let path, let key, let expected):
            "\(path): the metadata value of '\(key)' is not \(expected). \(Self.packAgain)"
        case .valueOutOfRange(let path, let key, let found, let expected):
            "\(path): '\(key)' is \(found), expected \(expected.lowerBound) to \(expected.upperBound). \(Self.packAgain)"
        case .wrongArchitecture(let path, let found):
            "\(path): is a GGUF file of the architecture '\(found)', expected 'pinson'. Run `pinson pack` on the checkpoint that it was made from."
        case .wrongFormatVersion(let path, let found):
            "\(path): has format version \(found), but this build of Pinson reads version \(ModelFile.formatVersion). \(found < Int(ModelFile.formatVersion) ? Self.packAgain : "Use a newer build of Pinson.")"
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
            "\(path): tensor '\(name)' lies at offset \(found), expected \(expected): tensors must not overlap or leave gaps. \(Self.packAgain)"
        case .missingTensor(let path, let name):
            "\(path): does not have the tensor '\(name)'. \(Self.packAgain)"
        case .wrongTensorType(let path, let name, let found, let expected):
            "\(path): tensor '\(name)' is \(found), expected \(expected). \(Self.packAgain)"
        case .shapeMismatch(let path, let name, let found, let expected):
            "\(path): tensor '\(name)' is \(Self.text(found)), expected \(Self.text(expected)). \(Self.packAgain)"
        case .wrongDigest(let path, let part, let found, let expected):
            "\(path): \(part) has the SHA-256 \(found), expected \(expected): the file is damaged or was changed. Copy it again."
        case .notFinite(let path, let name):
            "\(path): tensor '\(name)' has a value that is not a finite number, so the model has no answers. \(Self.packAgain)"
        case .tooLong(let path, let key, let found, let limit):
            "\(path): the metadata value of '\(key)' has \(found) elements, but a model file has at most \(limit) in an array. Nothing was written."
        case .noLabels(let path):
            "\(path): is a sentence encoder, which has no labels. "
                + "Use a model with a classification head, or train a classifier on the embeddings."
        case .invalid(let path, let reason):
            "\(path): \(reason). \(Self.packAgain)"
        }
    }

    private static let packAgain = "Write it again with `pinson pack`."

    private static func text(_ shape: [Int]) -> String {
        "(" + shape.map(String.init).joined(separator: ", ") + ")"
    }
}

/// The system's description of an error number.
private func message(_ errno: Int32) -> String {
    String(cString: strerror(errno))
}

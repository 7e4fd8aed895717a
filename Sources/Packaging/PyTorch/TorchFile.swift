import Foundation

/// The weights in a `pytorch_model.bin`: a zip archive with a pickle, which is never run, and one entry for each storage.
///
/// - Source: `caffe2/serialize/inline_container.h` and `torch/serialization.py` of PyTorch.
struct TorchFile: WeightFile {
    let path: String
    private let archive: ZipArchive
    /// What the names of all entries begin with, with a slash at the end.
    private let root: String
    private let tensors: [String: PickleTensor]

    /// The most bytes of a pickle.
    private static let longestPickle = 1 << 24
    /// What a file of PyTorch before 1.6 begins with: the pickle of a long number.
    private static let legacyMagic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]

    /// Opens a file and reads its pickle.
    ///
    /// - Parameter path: The file.
    /// - Throws: `PackagingError` if the file cannot be read, is of another kind, or holds anything but tensors.
    init(path: String) throws {
        self.path = path
        try CheckpointFile.check(path)
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else {
            throw PackagingError.unreadable(path: path, reason: "the system does not map it into memory")
        }
        guard !bytes.starts(with: Self.legacyMagic) else { throw PackagingError.legacyWeights(path: path) }
        archive = try ZipArchive(bytes) { .damagedWeights(path: path, reason: $0) }
        guard let name = archive.names.first(where: { $0.hasSuffix("/data.pkl") }) else {
            throw PackagingError.damagedWeights(path: path, reason: "has no pickle of tensors")
        }
        root = String(name.dropLast("data.pkl".count))
        if let order = try archive.contents("\(root)byteorder"), order != Array("little".utf8) {
            throw PackagingError.unsupported(
                path: path, what: "the order of bytes", found: String(decoding: order.prefix(20), as: UTF8.self),
                expected: "little")
        }
        guard archive.size(name) ?? 0 <= Self.longestPickle, let pickle = try archive.contents(name) else {
            throw PackagingError.damagedWeights(
                path: path, reason: "has a pickle of more than \(Self.longestPickle) bytes")
        }
        do { tensors = try Pickle.tensors(pickle) } catch {
            throw PackagingError.damagedWeights(path: path, reason: "has a pickle that \(error.reason)")
        }
    }

    var names: [String] { tensors.keys.sorted() }

    func isFloat(_ name: String) -> Bool {
        switch tensors[name]?.storage.element {
        case .float32, .float16, .bfloat16: true
        default: false
        }
    }

    func contains(_ name: String) -> Bool { tensors[name] != nil }

    func shape(of name: String) -> [Int]? { tensors[name]?.shape }

    func floats(_ name: String, shape: [Int]?) throws -> [Float] {
        guard let tensor = tensors[name] else { throw PackagingError.missingTensor(path: path, name: name) }
        if let shape, tensor.shape != shape {
            throw PackagingError.shapeMismatch(path: path, name: name, found: tensor.shape, expected: shape)
        }
        guard let storage = try archive.data("\(root)data/\(tensor.storage.key)") else {
            throw PackagingError.damagedWeights(path: path, reason: "has no bytes for the tensor '\(name)'")
        }
        guard let count = tensor.elementCount(inBytes: storage.count) else {
            throw PackagingError.damagedWeights(
                path: path, reason: "has a tensor '\(name)' that is larger than its bytes")
        }
        func elements<T: BitwiseCopyable>(_: T.Type, _ convert: (T) -> Float) -> [Float] {
            storage.withUnsafeBytes { raw in
                var values: [Float] = []
                values.reserveCapacity(count)
                tensor.forEachIndex { index in
                    let offset = index * MemoryLayout<T>.size
                    values.append(convert(raw.loadUnaligned(fromByteOffset: offset, as: T.self)))
                }
                return values
            }
        }
        switch tensor.storage.element {
        case .float32: return elements(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
        case .float16: return elements(UInt16.self) { float(half: UInt16(littleEndian: $0)) }
        case .bfloat16: return elements(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
        default:
            throw PackagingError.unsupported(
                path: path, what: "the type of tensor '\(name)'", found: tensor.storage.element.rawValue,
                expected: "torch.FloatStorage, torch.HalfStorage, torch.BFloat16Storage")
        }
    }
}

extension PickleTensor {
    /// The number of elements, or nil if one of them would lie outside of a storage of this size.
    fileprivate func elementCount(inBytes bytes: Int) -> Int? {
        let available = bytes / storage.element.size
        var (count, last) = (1, offset)
        for (extent, stride) in zip(shape, strides) {
            let (product, tooMany) = count.multipliedReportingOverflow(by: extent)
            let (distance, tooFar) = max(extent - 1, 0).multipliedReportingOverflow(by: stride)
            let (sum, tooLarge) = last.addingReportingOverflow(distance)
            // A stride of 0 repeats elements, but no weights of a checkpoint are larger than their bytes.
            guard !tooMany, !tooFar, !tooLarge, product <= available else { return nil }
            (count, last) = (product, sum)
        }
        return count == 0 || last < available ? count : nil
    }

    /// Calls `body` with the index of each element in the storage, row-major.
    fileprivate func forEachIndex(_ body: (Int) -> Void) {
        guard !shape.contains(0) else { return }
        var position = [Int](repeating: 0, count: shape.count)
        var index = offset
        while true {
            body(index)
            var axis = shape.count - 1
            while axis >= 0 {
                position[axis] += 1
                index += strides[axis]
                if position[axis] < shape[axis] { break }
                index -= strides[axis] * shape[axis]
                position[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}

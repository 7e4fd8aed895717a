import Foundation

@testable import Packaging

/// Writes state dicts as PyTorch does.
enum TorchWriter {
    /// The pickle of float32 tensors, whose storages are named by their positions.
    static func pickle(_ tensors: [(name: String, shape: [Int])]) -> [UInt8] {
        func text(_ text: String) -> [UInt8] { [0x58] + bytes(UInt32(text.utf8.count)) + Array(text.utf8) }
        func number(_ number: Int) -> [UInt8] { [0x4A] + bytes(UInt32(truncatingIfNeeded: number)) }
        func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + items.flatMap(\.self) + [0x74] }
        func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }
        let ordered = global("collections", "OrderedDict") + [0x29, 0x52]
        var pickle: [UInt8] = [0x80, 2] + ordered + [0x71, 0, 0x28]
        for (index, tensor) in tensors.enumerated() {
            let count = tensor.shape.reduce(1, *)
            let id = [
                text("storage"), global("torch", "FloatStorage"), text("\(index)"), text("cpu"), number(count),
            ]
            let strides = tensor.shape.indices.map { tensor.shape[($0 + 1)...].reduce(1, *) }
            let arguments = [
                tuple(id) + [0x51], number(0), tuple(tensor.shape.map(number)), tuple(strides.map(number)), [0x89],
                ordered,
            ]
            pickle += text(tensor.name) + global("torch._utils", "_rebuild_tensor_v2") + tuple(arguments) + [0x52]
        }
        return pickle + [0x75, 0x7D, 0x62, 0x2E]
    }

    /// A zip archive of stored entries.
    static func archive(_ entries: [(name: String, data: Data)]) -> Data {
        var (archive, directory) = (Data(), Data())
        for (name, data) in entries {
            let versionMethodTime: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            let facts = [Deflate.checksum(data), UInt32(data.count), UInt32(data.count), UInt32(name.utf8.count)]
            let common = versionMethodTime + facts.flatMap { bytes($0) }
            directory += bytes(UInt32(0x0201_4B50)) + [20, 0] + common + [UInt8](repeating: 0, count: 10)
            directory += bytes(UInt32(archive.count)) + Array(name.utf8)
            archive += bytes(UInt32(0x0403_4B50)) + common + Array(name.utf8) + data
        }
        let count = bytes(UInt32(entries.count)).prefix(2)
        let end = bytes(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + count + count
        return archive + directory + end + bytes(UInt32(directory.count)) + bytes(UInt32(archive.count)) + [0, 0]
    }

    /// The state dict with all float32 tensors of a safetensors file.
    static func stateDictionary(_ source: Safetensors, _ names: [String]? = nil) throws -> Data {
        let names = names ?? source.names
        let tensors = try names.map { (name: $0, shape: source.shape(of: $0) ?? [], values: try source.floats($0)) }
        let pickle = Data(pickle(tensors.map { ($0.name, $0.shape) }))
        return archive(
            [("state/data.pkl", pickle)]
                + tensors.enumerated().map { index, tensor in
                    ("state/data/\(index)", tensor.values.withUnsafeBytes { Data($0) })
                })
    }

    private static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}

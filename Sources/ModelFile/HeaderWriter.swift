/// Encodes the part of a model file before its data.
///
/// `HeaderReader` is the counterpart.
enum HeaderWriter {
    static func bytes(_ entries: [MetadataEntry], _ tensors: [TensorSchema]) -> [UInt8] {
        var out = Array("GGUF".utf8)
        append(UInt32(3), to: &out)
        append(UInt64(tensors.count), to: &out)
        append(UInt64(entries.count), to: &out)
        for (key, value) in entries {
            append(key, to: &out)
            append(value.typeNumber, to: &out)
            append(value, to: &out)
        }
        var offset = 0
        for tensor in tensors {
            append(tensor.name, to: &out)
            append(UInt32(tensor.shape.count), to: &out)
            for extent in tensor.shape.reversed() { append(UInt64(extent), to: &out) }
            append(tensor.type.rawValue, to: &out)
            append(UInt64(offset), to: &out)
            offset += aligned(tensor.byteCount)
        }
        return out + [UInt8](repeating: 0, count: aligned(out.count) - out.count)
    }

    private static func append(_ value: MetadataValue, to out: inout [UInt8]) {
        switch value {
        case .uint8(let value): append(value, to: &out)
        case .int8(let value): append(value, to: &out)
        case .uint16(let value): append(value, to: &out)
        case .int16(let value): append(value, to: &out)
        case .uint32(let value): append(value, to: &out)
        case .int32(let value): append(value, to: &out)
        case .float32(let value): append(value.bitPattern, to: &out)
        case .bool(let value): append(UInt8(value ? 1 : 0), to: &out)
        case .string(let value): append(value, to: &out)
        case .array(let values):
            append(values.first?.typeNumber ?? MetadataValue.string("").typeNumber, to: &out)
            append(UInt64(values.count), to: &out)
            for value in values { append(value, to: &out) }
        case .uint64(let value): append(value, to: &out)
        case .int64(let value): append(value, to: &out)
        case .float64(let value): append(value.bitPattern, to: &out)
        }
    }

    private static func append(_ string: String, to out: inout [UInt8]) {
        append(UInt64(string.utf8.count), to: &out)
        out += string.utf8
    }

    private static func append<T: FixedWidthInteger>(_ value: T, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { out += $0 }
    }
}

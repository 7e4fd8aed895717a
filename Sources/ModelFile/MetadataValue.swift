/// A metadata value of one of GGUF's types; arrays have one level.
public enum MetadataValue: Sendable, Equatable {
    /// An unsigned integer of 8 bits.
    case uint8(UInt8)
    /// A signed integer of 8 bits.
    case int8(Int8)
    /// An unsigned integer of 16 bits.
    case uint16(UInt16)
    /// A signed integer of 16 bits.
    case int16(Int16)
    /// An unsigned integer of 32 bits.
    case uint32(UInt32)
    /// A signed integer of 32 bits.
    case int32(Int32)
    /// A floating-point number of 32 bits.
    case float32(Float)
    /// A boolean.
    case bool(Bool)
    /// A string in UTF-8.
    case string(String)
    /// An array whose elements have the same type.
    case array([MetadataValue])
    /// An unsigned integer of 64 bits.
    case uint64(UInt64)
    /// A signed integer of 64 bits.
    case int64(Int64)
    /// A floating-point number of 64 bits.
    case float64(Double)

    /// GGUF's number for the type.
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

    /// The value as an `Int`, or nil if it is not an integer or does not fit.
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

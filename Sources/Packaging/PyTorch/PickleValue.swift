/// A value that a pickle of a state dict can make.
enum PickleValue {
    /// Marks the start of a tuple or of items on the stack.
    case mark
    case none
    case bool(Bool)
    case integer(Int)
    case string(String)
    /// At most `Pickle.deepestTuple` tuples are inside each other.
    case tuple([PickleValue], depth: Int)
    case list
    case dictionary(PickleDictionary)
    /// The name of a class or a function that is known to be safe.
    case global(PickleGlobal)
    case storage(PickleStorage)
    case tensor(PickleTensor)
    /// A value that no tensor depends on.
    case other
}

/// The classes and functions of Python that state dicts name.
///
/// Pinson calls none of them, and acts as they would.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(PickleStorage.Element)

    /// The global with a name such as `torch._utils._rebuild_tensor_v2`, or nil if no state dict needs it.
    init?(_ name: String) {
        switch name {
        case "collections.OrderedDict": self = .orderedDictionary
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        case "torch._utils._rebuild_parameter": self = .rebuildParameter
        default:
            guard let element = PickleStorage.Element(rawValue: name) else { return nil }
            self = .storage(element)
        }
    }
}

/// A dictionary from names to tensors.
///
/// Several values may be the same dictionary.
final class PickleDictionary {
    var tensors: [String: PickleTensor] = [:]
}

/// The bytes of one or more tensors, which an entry of the archive holds.
struct PickleStorage: Equatable {
    /// The types of elements, by the name of their class.
    enum Element: String {
        case float32 = "torch.FloatStorage"
        case float16 = "torch.HalfStorage"
        case bfloat16 = "torch.BFloat16Storage"
        case float64 = "torch.DoubleStorage"
        case int64 = "torch.LongStorage"
        case int32 = "torch.IntStorage"
        case int16 = "torch.ShortStorage"
        case int8 = "torch.CharStorage"
        case uint8 = "torch.ByteStorage"
        case bool = "torch.BoolStorage"

        /// The size of an element in bytes.
        var size: Int {
            switch self {
            case .float64, .int64: 8
            case .float32, .int32: 4
            case .float16, .bfloat16, .int16: 2
            case .int8, .uint8, .bool: 1
            }
        }
    }

    var element: Element
    /// The last part of the entry's name.
    var key: String
}

/// A view of a storage as an array.
struct PickleTensor: Equatable {
    var storage: PickleStorage
    /// The position of the first element in the storage.
    var offset: Int
    /// The extents, outermost first.
    var shape: [Int]
    /// The distances between neighbours in each extent, in elements.
    var strides: [Int]
}

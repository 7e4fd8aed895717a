import Fuzzing
import Packaging

private let file = InputFile()

/// A whole file; every array that its header names is read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    file.write(FuzzInput(start, count).rest)
    guard let weights = try? Safetensors(path: file.path) else { return 0 }
    for name in weights.names {
        guard let values = try? weights.floats(name) else { continue }
        precondition(values.count == weights.shape(of: name)?.reduce(1, *))
    }
    return 0
}

import Fuzzing
import JSON

/// Whatever is read can be written, and then read again as the same value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = FuzzInput(start, count)
    guard let value = try? JSON(parsing: input.rest) else { return 0 }
    var writer = JSONWriter()
    writer.value(value)
    guard let again = try? JSON(parsing: writer.bytes) else { fatalError("what was written cannot be read") }
    precondition(again == value, "what was written is another value")
    return 0
}

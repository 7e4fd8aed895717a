import Fixtures
import Foundation
import Testing

@testable import Packaging

@Suite struct SafetensorsTests {
    private func open(header: String, data: [UInt8] = []) throws -> Safetensors {
        try open(bytes: withUnsafeBytes(of: UInt64(header.utf8.count)) { Array($0) } + Array(header.utf8) + data)
    }

    private func open(bytes: [UInt8]) throws -> Safetensors {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "pinson-\(UUID().uuidString).safetensors")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try Safetensors(path: url.path)
    }

    @Test func everyFloat16IsConvertedExactly() {
        for bits in UInt16.min...UInt16.max {
            let expected = Float(Float16(bitPattern: bits))
            let found = float(half: bits)
            #expect(found == expected || found.isNaN && expected.isNaN)
            if found == 0 { #expect(found.sign == expected.sign) }
        }
    }

    @Test func elementsAreReadByTheirType() throws {
        let file = try open(
            header:
                #"{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1,1],"data_offsets":[4,6]},"c":{"dtype":"F32","shape":[],"data_offsets":[6,10]}}   "#,
            data: [0x00, 0x3C, 0x00, 0xC0, 0x40, 0x40, 0, 0, 0x80, 0x3F])
        #expect(try file.floats("a") == [1, -2])
        #expect(try file.floats("b", shape: [1, 1]) == [3])
        #expect(try file.floats("c") == [1])
        #expect(file.metadata == ["k": "v"])
        #expect(file.names == ["a", "b", "c"])
    }

    @Test(arguments: [
        (#"[]"#, "has a header that is not a JSON object"), (#"{"a":1}"#, "has a header entry for the tensor 'a'"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99]}}"#,
            "places the tensor 'a' at bytes 0..<99, but the data has 4"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "places the tensor 'a' at bytes 4..<0"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            "has 4 bytes for the 2 elements of type F32 of the tensor 'a'"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,9],"data_offsets":[0,4]}}"#,
            "has a shape for the tensor 'a' that is larger than its bytes"
        ),
        (
            #"{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#,
            "the type of tensor 'a' is F8_E4M3, which Pinson cannot pack. Supported: F32, F16, BF16"
        ),
        (#"{}"#, "has 4 bytes after its last tensor"),
        (#"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "does not have the tensor 'a'"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#,
            "places the tensor 'b' over the end of the tensor before it"
        ),
        (
            #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[1],"data_offsets":[3,4]}}"#,
            "has a gap of 1 bytes before the tensor 'b'"
        ),
        (#"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, "has 2 bytes after its last tensor"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}"#, "has a header entry for the tensor 'a'"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,
            "has the tensor 'a' twice"
        ),
    ])
    func aHeaderThatIsNotValidIsDescribed(header: String, message: String) {
        let error = #expect(throws: PackagingError.self) { try open(header: header, data: [0, 0, 0, 0]).floats("a") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func aHeaderLongerThanTheFileIsRefused() {
        #expect(throws: PackagingError.self) { try open(bytes: [255, 255, 255, 255, 255, 255, 255, 255, 0x7B]) }
        #expect(throws: PackagingError.self) { try open(bytes: [1, 0, 0]) }
        #expect(throws: PackagingError.self) { try open(bytes: []) }
    }
}

import Fuzzing
import NIOCore

@testable import ContainerImage

private let file = InputFile()

/// A whole tar: its entries are read in pieces of any size, and if it is an image, all layers of the image are too.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let piece = Int(input.byte()) + 1
    let bytes = ByteBuffer(bytes: input.rest)
    file.write(input.rest)
    wait {
        try? await read(bytes, by: piece)
        guard let image = try? await Archive(path: file.path).read() else { return }
        for image in image.images { _ = try? await ImageContents(of: image) }
    }
    return 0
}

private func read(_ tar: ByteBuffer, by piece: Int) async throws {
    var rest = tar
    var reader = TarReader(
        ByteStream { rest.readableBytes == 0 ? nil : rest.readSlice(length: min(piece, rest.readableBytes)) },
        named: "the input")
    while let header = try await reader.next() {
        var size: Int64 = 0
        while let bytes = try await reader.read() { size += Int64(bytes.readableBytes) }
        precondition(size == header.size && size <= Int64(tar.readableBytes))
    }
    try await reader.finish()
}

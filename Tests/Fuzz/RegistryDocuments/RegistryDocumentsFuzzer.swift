import Fuzzing
import NIOCore

@testable import ContainerImage

/// The first byte chooses what the rest is: a document, a challenge, a reference, or a file of credentials.
///
/// A document that can be read can be written, and then read again as the same value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let kind = input.byte()
    let bytes = ByteBuffer(bytes: input.rest)
    switch kind % 8 {
    case 0: readTwice(Index.self, bytes)
    case 1: readTwice(Manifest.self, bytes)
    case 2: readTwice(Configuration.self, bytes)
    case 3: _ = try? Document.decode([DockerImage].self, from: bytes, named: "the input")
    case 4: _ = Challenge.parse(input.text)
    case 5: readTwice(reference: input.text)
    case 6: findCredential(input.text)
    default: readImage(&input)
    }
    return 0
}

private func readTwice<Value: Codable & Equatable>(_ type: Value.Type, _ bytes: ByteBuffer) {
    guard let value = try? Document.decode(type, from: bytes, named: "the input") else { return }
    guard let written = try? Document.encode(value),
        let again = try? Document.decode(type, from: written, named: "what was written")
    else { fatalError("what was read cannot be written and read again") }
    precondition(again == value, "what was written is another value")
}

private func readTwice(reference text: String) {
    guard let reference = try? Reference(text) else { return }
    guard let again = try? Reference(reference.description) else { fatalError("\(reference) cannot be read") }
    precondition(again == reference, "\(again) is not \(reference)")
}

/// The environment has no PATH, so a helper that the file names is not found.
private func findCredential(_ text: String) {
    guard let reference = try? Reference("ghcr.io/owner/image:1") else { return }
    _ = try? Credentials(environment: ["DOCKER_AUTH_CONFIG": text]).find(for: reference)
}

/// The manifest ends at the first byte of zero, where the configuration starts.
private func readImage(_ input: inout FuzzInput) {
    let manifest = input.rest.prefix { $0 != 0 }
    let configuration = input.rest.dropFirst(manifest.count + 1)
    guard
        let image = try? Image(
            manifestBytes: ByteBuffer(bytes: manifest), configurationBytes: ByteBuffer(bytes: configuration),
            named: "the input", layer: { _ in Content(ByteBuffer()) })
    else { return }
    precondition(image.layers.count == image.manifest.layers.count)
    _ = try? image.configured { _ in }
}

import ArgumentParser
import ContainerImage
import Foundation
import ModelFile
import Packaging

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows what a model file or an image contains.")

    @Argument(
        help: ArgumentHelp(
            "A model file, a model on a tracking server, or an image: a folder, a tar, or a name in a registry.",
            valueName: "model|image"),
        completion: .file())
    var subject: String

    @OptionGroup var registry: RegistryOptions

    @Flag(
        help: """
            Read everything and compare it with the digests. The exit code is 1 if something differs, or if a weight of a \
            model is not a finite number.
            """)
    var verify = false

    @Flag(help: "Print the contents as JSON.")
    var json = false

    func run() async throws {
        let subject = try await FetchedModel.path(subject)
        guard ShippedModel.isModel(subject) else {
            return try await ImageInspection(
                name: subject, registry: registry, verify: verify, json: json
            ).run()
        }
        let file = try ModelFile(path: subject)
        if verify {
            do {
                try file.verify(hash: sha256)
            } catch {
                say("pinson: \(error)")
                throw ExitCode(1)
            }
        }
        let shown = file.metadata.entries.filter { $0.key != "pinson.padding" && $0.key != "pinson.tensor_sha256" }
        let size = file.withBytes(\.count)
        if json {
            try printJSON(
                Summary(
                    path: file.path, bytes: size, verified: verify ? true : nil,
                    metadata: Dictionary(uniqueKeysWithValues: shown.map { ($0.key, JSONValue($0.value)) }),
                    tensors: file.tensors.map {
                        .init(name: $0.name, type: "\($0.type)", shape: $0.shape, bytes: $0.byteCount)
                    }))
            return
        }
        let verdict = verify ? ", all digests are correct, and all weights are finite" : ""
        print("\(file.path): \(decimal(size)) bytes\(verdict)".singleLine)
        for (key, value) in shown { print("  \(key.singleLine) = \(text(value))") }
        for tensor in file.tensors {
            let shape = tensor.shape.map(String.init).joined(separator: " × ")
            print(row(tensor.name.singleLine, "\(tensor.type) \(shape)") + "  \(decimal(tensor.byteCount)) bytes")
        }
    }

    private struct Summary: Encodable {
        struct Tensor: Encodable {
            var name: String
            var type: String
            var shape: [Int]
            var bytes: Int
        }

        var path: String
        var bytes: Int
        var verified: Bool?
        var metadata: [String: JSONValue]
        var tensors: [Tensor]
    }

    private func text(_ value: MetadataValue) -> String {
        guard let data = try? JSONEncoder().encode(JSONValue(value)) else { return "\(value)" }
        return escapingControls(String(decoding: data, as: UTF8.self))
    }
}

/// A metadata value in JSON.
private struct JSONValue: Encodable {
    let value: MetadataValue

    init(_ value: MetadataValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .uint8(let value): try container.encode(value)
        case .int8(let value): try container.encode(value)
        case .uint16(let value): try container.encode(value)
        case .int16(let value): try container.encode(value)
        case .uint32(let value): try container.encode(value)
        case .int32(let value): try container.encode(value)
        case .float32(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values.map { JSONValue($0) })
        case .uint64(let value): try container.encode(value)
        case .int64(let value): try container.encode(value)
        case .float64(let value): try container.encode(value)
        }
    }
}

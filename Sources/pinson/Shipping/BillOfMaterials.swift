import ContainerImage
import Foundation
import ModelFile

/// The bill of materials of an image of the function.
///
/// The files are hashed while the image is built.
struct BillOfMaterials {
    private let image: FunctionImage
    private let card: ShippedModel?
    private let program: Task<Digest, any Error>
    private let model: Task<Digest, any Error>?

    /// Starts to hash the program and the model.
    init(_ image: FunctionImage, _ card: ShippedModel?) {
        self.image = image
        self.card = card
        program = Self.hash(image.program)
        model = image.model.map { Self.hash($0) }
    }

    /// Attaches the bill of materials to the image, as SPDX.
    ///
    /// - Parameters:
    ///   - built: The image that it describes.
    ///   - name: The name of the image, without a tag.
    /// - Returns: The image with its bill of materials.
    /// - Throws: `ContainerImageError` if a file cannot be read.
    func attached(to built: Image, named name: String) async throws -> Image {
        let sbom = SBOM(
            name: name, created: image.options.created, tool: "pinson-\(pinsonVersion)",
            program: .init(
                path: image.recipe.entrypoint.first ?? "/function", digest: try await program.value,
                version: pinsonVersion),
            model: try await modelPart(), packages: packages())
        return built.attaching(sbom: try sbom.document(about: built))
    }

    private func modelPart() async throws -> SBOM.Part? {
        guard let card, let model else { return nil }
        return .init(
            path: "/model/model.gguf", digest: try await model.value, version: card.version, comment: card.comment)
    }

    private static func hash(_ path: String) -> Task<Digest, any Error> {
        Task { try await Content(file: path).digest() }
    }

    /// What is linked into the program.
    ///
    /// `make build` lists it in a file next to the program; `container/linked-packages` describes the fields of a line.
    private func packages() -> [SBOM.Package] {
        guard let text = try? String(contentsOfFile: "\(image.program).packages", encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line -> SBOM.Package? in
            let fields = line.split(separator: "\t").map { String($0) }
            guard fields.count == 5 else { return nil }
            return SBOM.Package(
                name: fields[0], version: fields[1], licence: fields[2], purl: fields[3], location: fields[4])
        }
    }
}

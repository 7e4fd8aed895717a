import ModelFile

extension Packer {
    /// Packs a model of another library, which has 32 bits for a weight unless the user says otherwise.
    static func pack(
        _ export: any ExportedModel, into output: String, _ options: Options
    ) throws -> PackingReport {
        let precision = options.precision ?? .float32
        let labels = try Self.labels(of: export, options)
        let (packed, shared) = try export.packed(precision)
        let name = options.name ?? defaultName(export.path).replacing(/\.npz$/, with: "")
        let card = ModelCard(
            name: name, family: packed.name, labels: labels, maxTokens: export.maxTokens,
            preprocessing: export.preprocessing)
        try ModelFile.write(
            to: output, metadata: card.entries + options.description.entries + packed.entries, tensors: packed.tensors,
            hash: sha256)
        return PackingReport(
            name: name, architecture: export.classifier, labels: labels, parameters: export.parameters,
            parts: parts(of: packed.tensors.map(\.schema)), bytes: try ModelFile(path: output).withBytes(\.count),
            sharedFingerprints: precision == .float32 ? nil : shared)
    }

    /// The labels of a model of another library, or those that the user gives instead.
    static func labels(of export: any ExportedModel, _ options: Options) throws -> [String] {
        guard let labels = options.labels else { return export.labels }
        return try Configuration.labels(labels, insteadOf: export.labels, path: export.path)
    }
}

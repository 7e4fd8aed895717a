public import ModelFile
import Text

/// Turns a Hugging Face checkpoint, or an exported model of another library, into a model file.
public struct Packer {
    /// The choices that the user makes.
    public struct Options: Sendable {
        /// The model's name.
        ///
        /// Nil takes the name of the folder.
        public var name: String?
        /// The most tokens of a text that the model reads.
        ///
        /// Positions beyond it are left out of the file.
        public var maxTokens: Int
        /// The precision of the weights.
        ///
        /// Nil takes 8 bits for a checkpoint, and 32 bits for an exported model.
        public var precision: Precision?
        /// The labels to use instead of those of the checkpoint, in the order of their ids.
        ///
        /// Nil keeps the labels of the checkpoint.
        public var labels: [String]?
        /// The folder of the tokenizer.
        ///
        /// Nil takes the folder of the checkpoint.
        public var tokenizer: String?
        /// The name of the pipeline that changes a text before it is tokenized, or `none`.
        ///
        /// Nil chooses the pipeline of the Cardiff models for those models, and none for all others.
        public var preprocessing: String?
        /// What the file says about the model.
        ///
        /// The licence and the languages are those in the checkpoint's README.md where they are not given here.
        public var description = ModelDescription()

        /// Creates options.
        ///
        /// - Parameters:
        ///   - name: The model's name. Nil takes the name of the folder.
        ///   - maxTokens: The most tokens of a text that the model reads.
        ///   - precision: The precision of the weights. Nil takes the default of the kind of model.
        ///   - labels: The labels to use instead of those of the checkpoint. Nil keeps them.
        public init(
            name: String? = nil, maxTokens: Int = 128, precision: Precision? = nil, labels: [String]? = nil
        ) {
            self.name = name
            self.maxTokens = maxTokens
            self.precision = precision
            self.labels = labels
        }
    }

    /// Reads the labels that the model of a checkpoint will have, without packing it.
    ///
    /// - Parameters:
    ///   - folder: The folder of the checkpoint, or the file of an exported model.
    ///   - options: The choices that the user makes.
    /// - Returns: The labels in the order of their ids. Empty for a sentence encoder.
    /// - Throws: `PackagingError` if the checkpoint is not complete or not supported.
    public static func labels(of folder: String, _ options: Options = Options()) throws -> [String] {
        guard !ScikitLearnExport.isFile(folder) else { return try labels(of: ModelExport.open(folder), options) }
        return try Checkpoint(path: folder, labels: options.labels).configuration.labels
    }

    /// Packs a checkpoint.
    ///
    /// The file is written completely or not at all.
    ///
    /// - Parameters:
    ///   - folder: The folder of the checkpoint, or the file of an exported model.
    ///   - output: The model file to create or replace.
    ///   - options: The choices that the user makes.
    /// - Returns: What was packed, and the size of each part.
    /// - Throws: `PackagingError` if the checkpoint is not complete or not supported, and `FileError` if the file
    ///   cannot be written.
    public static func pack(
        _ folder: String, into output: String, _ options: Options = Options()
    ) throws -> PackingReport {
        guard !ScikitLearnExport.isFile(folder) else {
            return try pack(ModelExport.open(folder), into: output, options)
        }
        let checkpoint = try Checkpoint(path: folder, labels: options.labels)
        let configuration = checkpoint.configuration
        let tokenizer = try TokenizerFiles.read(folder: options.tokenizer ?? folder)
        guard (2...configuration.positions).contains(options.maxTokens) else {
            throw PackagingError.invalidMaxTokens(
                path: configuration.path, found: options.maxTokens, positions: configuration.positions)
        }
        guard tokenizer.schema.vocabulary <= configuration.vocabulary else {
            throw PackagingError.malformed(
                path: tokenizer.path,
                reason: "has \(tokenizer.schema.vocabulary) tokens, but config.json has \(configuration.vocabulary)")
        }
        let pooling = configuration.labels.isEmpty ? try SentenceTransformer.pooling(folder: folder) : .first

        let name = options.name ?? defaultName(folder)
        let preprocessing = try CheckpointPreprocessing(
            options.preprocessing, names: [name, defaultName(folder), configuration.origin ?? ""], folder: folder)
        let card = ModelCard(
            name: name, family: TransformerSchema.family, labels: configuration.labels, maxTokens: options.maxTokens,
            preprocessing: preprocessing.steps,
            decision: Decision(activation: configuration.isMultiLabel ? .sigmoid : .softmax))
        let schema = configuration.schema(
            maxTokens: options.maxTokens, precision: options.precision ?? .int8, pooling: pooling)
        let weights = try TransformerTensors(
            schema, from: checkpoint, configuration.architecture.traits.names,
            positions: configuration.firstPosition..<configuration.firstPosition + configuration.positions,
            segments: configuration.segments)
        let tensors = tokenizer.tensors + weights.tensors
        try ModelFile.write(
            to: output,
            metadata: card.entries + description(folder, options).entries + schema.entries + tokenizer.schema.entries,
            tensors: tensors, hash: sha256)
        return PackingReport(
            name: name, architecture: configuration.architecture.rawValue, labels: configuration.labels,
            preprocessing: preprocessing.steps, parameters: weights.parameters, parts: parts(of: tensors.map(\.schema)),
            bytes: try ModelFile(path: output).withBytes(\.count))
    }

    private static func description(_ folder: String, _ options: Options) -> ModelDescription {
        let readme = FrontMatter(folder: folder)
        var description = options.description
        description.license = (description.license ?? readme.license).map(LicenseIdentifier.spdx)
        if description.languages.isEmpty { description.languages = readme.languages }
        return description
    }

    /// Adds up the sizes of neighbouring tensors whose names have the same first part.
    static func parts(of tensors: [TensorSchema]) -> [PackingReport.Part] {
        var parts: [PackingReport.Part] = []
        for tensor in tensors {
            let name = String(tensor.name.prefix { $0 != "." })
            if parts.last?.name == name {
                parts[parts.count - 1].bytes += tensor.byteCount
            } else {
                parts.append(.init(name: name, bytes: tensor.byteCount))
            }
        }
        return parts
    }
}

import ModelFile

// To add a family, add a case to each enumeration. The compiler lists the switches that need the new case.

/// The weights of a model, of whichever family.
enum AnyWeights: Sendable {
    case transformer(TransformerClassifier)

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        switch card.family {
        case TransformerSchema.family: self = .transformer(try TransformerClassifier(file, card))
        default:
            throw .invalid(
                path: file.path, reason: "this build does not know the family '\(card.family)' in 'pinson.family'")
        }
    }

    func makeWorker(_ options: WorkerOptions) -> AnyWorker {
        switch self {
        case .transformer(let weights): .transformer(FamilyWorker(weights, options))
        }
    }
}

/// A worker of whichever family: one switch for each batch of texts.
enum AnyWorker {
    case transformer(FamilyWorker<TransformerClassifier>)

    func score(_ texts: [String], threads: Int) -> [Scores] {
        switch self {
        case .transformer(let worker): worker.score(texts, threads: threads)
        }
    }

    func scoreSample(tokens: Int, threads: Int) -> [Float] {
        switch self {
        case .transformer(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        }
    }
}

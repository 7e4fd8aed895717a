import ModelFile

// To add a family, add a case to each enumeration, and its name to `AnyWeights.init`. The compiler lists the other
// switches that need the new case.

/// The weights of a model of any family.
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

/// A worker of any family.
///
/// The family is looked up once for each batch of texts, not for each text.
enum AnyWorker {
    case transformer(FamilyWorker<TransformerClassifier>)

    func score(_ texts: [String], threads: Int) -> [FamilyOutput] {
        switch self {
        case .transformer(let worker): worker.score(texts, threads: threads)
        }
    }

    func scoreSample(tokens: Int, threads: Int) -> [Float] {
        switch self {
        case .transformer(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        }
    }

    var team: Team? {
        switch self {
        case .transformer(let worker): worker.team
        }
    }
}

import ModelFile

// To add a family, add a case to each enumeration, and its name to `AnyWeights.init`. The compiler lists the other
// switches that need the new case.

/// The weights of a model of any family.
enum AnyWeights: Sendable {
    case transformer(TransformerClassifier)
    case linear(LinearClassifier)
    case forest(ForestClassifier)
    case lexicon(LexiconClassifier)
    case recurrent(RecurrentClassifier)
    case vectors(VectorsClassifier)
    indirect case ensemble(EnsembleClassifier)

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        switch card.family {
        case TransformerSchema.family: self = .transformer(try TransformerClassifier(file, card))
        case LinearModelSchema.family: self = .linear(try LinearClassifier(file, card))
        case ForestSchema.family: self = .forest(try ForestClassifier(file, card))
        case LexiconSchema.family: self = .lexicon(try LexiconClassifier(file, card))
        case RecurrentSchema.family: self = .recurrent(try RecurrentClassifier(file, card))
        case VectorsSchema.family: self = .vectors(try VectorsClassifier(file, card))
        case EnsembleSchema.family: self = .ensemble(try EnsembleClassifier(file, card))
        default:
            throw .invalid(
                path: file.path, reason: "this build does not know the family '\(card.family)' in 'pinson.family'")
        }
    }

    /// Whether a label is explained by the terms of the model.
    var explainsByTerms: Bool {
        switch self {
        case .transformer, .recurrent: false
        case .linear, .forest, .lexicon, .vectors: true
        case .ensemble(let weights):
            weights.schema.combination == .sum && weights.members.allSatisfy(\.explainsByTerms)
        }
    }

    func makeWorker(_ options: WorkerOptions) -> AnyWorker {
        switch self {
        case .transformer(let weights): .transformer(FamilyWorker(weights, options))
        case .linear(let weights): .linear(FamilyWorker(weights, options))
        case .forest(let weights): .forest(FamilyWorker(weights, options))
        case .lexicon(let weights): .lexicon(FamilyWorker(weights, options))
        case .recurrent(let weights): .recurrent(FamilyWorker(weights, options))
        case .vectors(let weights): .vectors(FamilyWorker(weights, options))
        case .ensemble(let weights): .ensemble(FamilyWorker(weights, options))
        }
    }
}

/// A worker of any family.
///
/// The family is looked up once for each batch of texts, not for each text.
enum AnyWorker {
    case transformer(FamilyWorker<TransformerClassifier>)
    case linear(FamilyWorker<LinearClassifier>)
    case forest(FamilyWorker<ForestClassifier>)
    case lexicon(FamilyWorker<LexiconClassifier>)
    case recurrent(FamilyWorker<RecurrentClassifier>)
    case vectors(FamilyWorker<VectorsClassifier>)
    indirect case ensemble(FamilyWorker<EnsembleClassifier>)

    func score(_ texts: [String], threads: Int) -> [FamilyOutput] {
        switch self {
        case .transformer(let worker): worker.score(texts, threads: threads)
        case .linear(let worker): worker.score(texts, threads: threads)
        case .forest(let worker): worker.score(texts, threads: threads)
        case .lexicon(let worker): worker.score(texts, threads: threads)
        case .recurrent(let worker): worker.score(texts, threads: threads)
        case .vectors(let worker): worker.score(texts, threads: threads)
        case .ensemble(let worker): worker.score(texts, threads: threads)
        }
    }

    func scoreSample(tokens: Int, threads: Int) -> [Float] {
        switch self {
        case .transformer(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        case .linear(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        case .forest(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        case .lexicon(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        case .recurrent(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        case .vectors(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        case .ensemble(let worker): worker.scoreSample(tokens: tokens, threads: threads)
        }
    }

    func explain(_ text: String, label: Int) -> Explanation? {
        switch self {
        case .transformer(let worker): worker.explain(text, label: label)
        case .linear(let worker): worker.explain(text, label: label)
        case .forest(let worker): worker.explain(text, label: label)
        case .lexicon(let worker): worker.explain(text, label: label)
        case .recurrent(let worker): worker.explain(text, label: label)
        case .vectors(let worker): worker.explain(text, label: label)
        case .ensemble(let worker): worker.explain(text, label: label)
        }
    }

    var team: Team? {
        switch self {
        case .transformer(let worker): worker.team
        case .linear(let worker): worker.team
        case .forest(let worker): worker.team
        case .lexicon(let worker): worker.team
        case .recurrent(let worker): worker.team
        case .vectors(let worker): worker.team
        case .ensemble(let worker): worker.team
        }
    }
}

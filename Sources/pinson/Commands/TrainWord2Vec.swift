public import ArgumentParser
import ContainerImage
import Files
import Foundation
import Text
public import Training

struct TrainWord2Vec: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "word2vec",
        abstract: "Learns word vectors from texts and writes them to a file.",
        discussion: """
            The texts need no labels. Words that occur near the same words get similar vectors. 'pinson train average \
            --vectors FILE' makes a classifier of them, and 'pinson vectors neighbours' shows what they know.

            The same seed always gives the same vectors.
            """)

    @Option(help: ArgumentHelp("A CSV or JSON Lines file with texts.", valueName: "file"), completion: .file())
    var data: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file of word vectors to write.", valueName: "file"),
        completion: .file())
    var output: String

    @Option(
        help: """
            The format of the file: text or binary as word2vec writes them, or glove. The default is binary for a name \
            that ends with .bin, else text.
            """)
    var format: VectorFile.Format?

    @OptionGroup var labelled: LabelledData

    @Option(help: "The steps that clean a text: plain, tweet, anonymous, prior-g or prior-k.")
    var preset = TextPipeline.Preset.tweet

    @Option(
        help: """
            What is predicted from what: cbow (a word from the mean of the words around it) or skip-gram (a word from each \
            word around it, which is slower and better for rare words).
            """)
    var architecture = Word2VecOptions.Architecture.cbow

    @Option(help: "The number of dimensions of a vector.")
    var dimensions = 100

    @Option(help: "The most words on each side of a word that are around it.")
    var window = 5

    @Option(help: "The fewest occurrences of a word that gets a vector.")
    var minCount = 5

    @Option(help: "The share of all words above which some occurrences of a word are left out; 0 uses all of them.")
    var sample = 1e-3

    @Option(help: "The number of random words that each word is told apart from.")
    var negatives = 5

    @Option(help: "The number of passes over the texts.")
    var epochs = 5

    @Option(help: "The learning rate at the start. The default is 0.05 for cbow and 0.025 for skip-gram.")
    var learningRate: Double?

    @Option(help: "The seed of everything that is random.")
    var seed: UInt64 = 1

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        func require(_ value: Int, _ name: String, _ range: ClosedRange<Int>) throws {
            guard !range.contains(value) else { return }
            throw ValidationError(
                "The value '\(value)' is invalid for '--\(name) <\(name)>': expected \(range.lowerBound) to \(range.upperBound)."
            )
        }
        try require(dimensions, "dimensions", 1...1024)
        try require(window, "window", 1...100)
        try require(minCount, "min-count", 1...1_000_000)
        try require(negatives, "negatives", 1...100)
        try require(epochs, "epochs", 1...1000)
        guard sample >= 0, sample <= 1 else {
            throw ValidationError("The value '\(sample)' is invalid for '--sample <sample>': expected 0 to 1.")
        }
        if let learningRate, !(learningRate > 0 && learningRate < 10) {
            throw ValidationError(
                "The value '\(learningRate)' is invalid for '--learning-rate <learning-rate>': expected a number above 0."
            )
        }
    }

    /// What was learned.
    private struct Result: Encodable {
        var vectors: String
        var format: String
        var words: Int
        var dimensions: Int
        var occurrences: Int
        var seconds: Double
        var wordsPerSecond: Double
    }

    func run() throws {
        let texts = try labelled.read(data, limit: .max, labels: [], requiresLabels: false).map(\.text)
        var options = Word2VecOptions(try TextPipeline(preset: preset.rawValue))
        (options.architecture, options.width, options.window) = (architecture, dimensions, window)
        (options.minimumCount, options.sample, options.negatives) = (minCount, sample, negatives)
        (options.epochs, options.learningRate, options.seed) = (epochs, learningRate, seed)
        let learner = Word2Vec(texts, options)
        guard !learner.vocabulary.words.isEmpty else {
            throw ValidationError(
                "\(data): no word occurs \(minCount) times. Give more texts, or a smaller '--min-count <min-count>'.")
        }
        say(
            "learning vectors of \(decimal(learner.vocabulary.words.count)) words from \(decimal(learner.wordCount)) "
                + "occurrences in \(decimal(texts.count)) texts")
        let start = ContinuousClock.now
        var (progress, done) = (Progress(unit: "words", total: learner.wordCount * epochs), 0)
        let vectors = learner.train { share in
            let now = Int(share * Double(learner.wordCount * epochs))
            progress.advance(by: now - done)
            done = now
        }
        progress.finish()
        guard vectors.values.allSatisfy(\.isFinite) else {
            throw ValidationError("The training did not lead to finite numbers. Give a smaller '--learning-rate'.")
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let format = format ?? (output.hasSuffix(".bin") ? .binary : .text)
        let file = try AtomicFile(path: output)
        try vectors.write(format) { try file.append($0) }
        try file.commit()
        let result = Result(
            vectors: output, format: format.rawValue, words: vectors.words.count, dimensions: vectors.width,
            occurrences: learner.wordCount, seconds: seconds,
            wordsPerSecond: Double(learner.wordCount * epochs) / max(seconds, 1e-9))
        guard !json else { return try printJSON(result) }
        print("vectors   \(output.singleLine), \(format.rawValue)")
        print("words     \(decimal(result.words)), \(result.dimensions) dimensions")
        print("time      \(fixed(seconds, 1)) s, \(decimal(Int(result.wordsPerSecond))) words a second")
    }
}

extension VectorFile.Format: ExpressibleByArgument {}
extension Word2VecOptions.Architecture: ExpressibleByArgument {}

import ArgumentParser
import ContainerImage
import Foundation
import Training

struct VectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors", abstract: "Shows what word vectors know about words.",
        discussion: """
            The file has one of the formats of word2vec or GloVe, as 'pinson train word2vec' writes it. It is read \
            through mapped memory, so a file of several gigabytes needs little memory.
            """,
        subcommands: [VectorNeighbours.self, VectorAnalogy.self])
}

/// The options of commands that search a file of word vectors.
struct NeighbourOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The number of words to show.")
    var count = 10

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(count) else {
            throw ValidationError("The value '\(count)' is invalid for '--count <count>': expected 1 to 10000.")
        }
    }

    /// Prints the words that are nearest to a sum of vectors.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - words: The words whose vectors, scaled to the length 1, are added, with factors.
    /// - Throws: `VectorFileError` if the file cannot be read, and `ValidationError` if it does not have a word.
    func show(_ path: String, _ words: [(word: String, factor: Float)]) throws {
        let file = try VectorFile(path: path)
        let known = try search("reading the file") { progress throws(VectorFileError) in
            try file.directions(of: words.map(\.word), progress)
        }
        var direction = [Float](repeating: 0, count: file.width)
        for (word, factor) in words {
            guard let vector = known[word] else {
                throw ValidationError(
                    "\(path): no vector for the word '\(word)'. Write a word as in the texts that the vectors were made "
                        + "from, most often in lower case.")
            }
            for index in direction.indices { direction[index] += factor * vector[index] }
        }
        let found = try search("searching the file") { progress throws(VectorFileError) in
            try file.neighbours(of: direction, count: count, leavingOut: words.map(\.word), progress)
        }
        guard !json else { return try printJSON(found.map { Line(word: $0.word, similarity: $0.similarity) }) }
        for neighbour in found { print("\(fixed(Double(neighbour.similarity), 4))  \(neighbour.word.singleLine)") }
    }

    private struct Line: Encodable {
        var word: String
        var similarity: Float
    }

    private func search<Result>(
        _ what: String, _ body: ((Double) -> Void) throws(VectorFileError) -> Result
    ) throws(VectorFileError) -> Result {
        var (progress, done) = (Progress(unit: "% (\(what))", total: 100), 0)
        let result = try body { share in
            let now = Int(100 * share)
            progress.advance(by: now - done)
            done = now
        }
        progress.finish()
        return result
    }
}

struct VectorNeighbours: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neighbours",
        abstract: "Prints the words whose vectors are nearest to that of a word, or to the mean of several words.",
        discussion: """
            Each line has the cosine of the angle between the vectors, and a word. The words that you give are left out.
            """)

    @Argument(help: ArgumentHelp("The file of word vectors.", valueName: "file"), completion: .file())
    var file: String

    @Argument(help: ArgumentHelp("A word, or several.", valueName: "word"))
    var words: [String]

    @OptionGroup var options: NeighbourOptions

    func run() throws { try options.show(file, words.map { ($0, 1) }) }
}

struct VectorAnalogy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analogy",
        abstract: "Prints the words that are to a word what a second word is to a first one.",
        discussion: """
            'pinson vectors analogy FILE man king woman' asks: if man becomes king, what does woman become? The answer are \
            the words nearest to king − man + woman, where each vector has the length 1.
            """)

    @Argument(help: ArgumentHelp("The file of word vectors.", valueName: "file"), completion: .file())
    var file: String

    @Argument(help: "The word that the analogy starts from, such as man.")
    var from: String

    @Argument(help: "What it becomes, such as king.")
    var to: String

    @Argument(help: "The word whose counterpart is wanted, such as woman.")
    var word: String

    @OptionGroup var options: NeighbourOptions

    func run() throws { try options.show(file, [(to, 1), (from, -1), (word, 1)]) }
}

import ArgumentParser
import Foundation
import Inference

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the latency of the model alone, at exact numbers of tokens.",
        discussion:
            "Tokens from all over the vocabulary; after a warm-up, median and minimum of the runs of each length."
    )

    @OptionGroup var model: ModelArgument

    @Option(help: "Cores that work on one text.")
    var threads = 1

    @Option(help: "Numbers of tokens, comma-separated.", transform: Bench.lengths)
    var lengths = [8, 16, 32, 64, 128]

    @Option(help: "Measured runs of each length.")
    var runs = 60

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard threads >= 1, runs >= 1 else { throw ValidationError("'--threads' and '--runs' must be 1 or more.") }
        guard !lengths.isEmpty else { throw ValidationError("'--lengths' names no number of tokens.") }
    }

    private static func lengths(_ text: String) throws -> [Int] {
        try text.split(separator: ",").map { part in
            guard let length = Int(part), length >= 1 else {
                throw ValidationError("'\(part)' is not a number of tokens.")
            }
            return length
        }
    }

    func run() throws {
        let classifier = try model.classifier()
        guard classifier.canClassify else { throw NoHead(path: model.model) }
        if let length = lengths.first(where: { $0 > classifier.maxTokens }) {
            throw ValidationError("\(length) tokens are more than the \(classifier.maxTokens) that the model takes.")
        }
        let workspace = classifier.makeWorkspace(threads: threads)
        var result = Result(
            engine: "pinson \(Pinson.version) \(classifier.instructionSet.rawValue)", model: classifier.name,
            threads: threads, ms: [:])
        for length in lengths {
            let ids = (0..<length).map { Int32($0 * 7919 % classifier.vocabulary) }
            let clock = ContinuousClock()
            let times = (0..<runs + 5).map { _ in
                clock.measure { _ = classifier.logits(ids: ids, in: workspace) } / .milliseconds(1)
            }
            let sorted = times.dropFirst(5).sorted()
            result.ms["\(length)"] = .init(p50: sorted[sorted.count / 2], min: sorted[0])
        }
        if json { return try printJSON(result, pretty: false) }
        print("\(result.model), \(result.engine), \(threads) thread\(threads == 1 ? "" : "s")")
        print("  tokens   median ms      min ms")
        for length in lengths {
            guard let time = result.ms["\(length)"] else { continue }
            print(String(format: "  %6d  %10.3f  %10.3f", length, time.p50, time.min))
        }
    }

    private struct Result: Encodable {
        struct Time: Encodable {
            var p50: Double
            var min: Double
        }

        var engine: String
        var model: String
        var threads: Int
        var ms: [String: Time]
    }
}

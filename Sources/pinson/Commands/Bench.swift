import ArgumentParser
import ContainerImage
import Foundation
import Inference
import ModelFile

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the latency of a model without HTTP, at exact numbers of tokens.",
        discussion: "It reports the median and the minimum of the runs of each length, after a warm-up."
    )

    @OptionGroup var model: ModelArgument

    @Option(help: "The number of cores that work on one text.")
    var threads = 1

    @Option(
        help: """
            The numbers of tokens, separated by commas. The default is 8,16,32,64,128, as far as the model reads so many.
            """, transform: Bench.lengths)
    var lengths: [Int]?

    @Option(help: "The number of measured runs of each length.")
    var runs = 60

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (1...64).contains(threads) else { throw ValidationError("'--threads' must be 1 to 64.") }
        guard runs >= 1 else { throw ValidationError("'--runs' must be 1 or more.") }
        guard lengths?.isEmpty != true else {
            throw ValidationError("'--lengths' needs at least one number of tokens.")
        }
    }

    private static func lengths(_ text: String) throws -> [Int] {
        try text.split(separator: ",").map { part in
            guard let length = Int(part), length >= 1 else {
                throw ValidationError("'\(part)' is not an integer of 1 or more.")
            }
            return length
        }
    }

    func run() throws {
        let classifier = try model.classifier()
        let common = [8, 16, 32, 64, 128].filter { $0 <= classifier.maxTokens }
        let lengths = lengths ?? (common.isEmpty ? [classifier.maxTokens] : common)
        if let length = lengths.first(where: { $0 > classifier.maxTokens }) {
            throw ValidationError(
                "The value '\(length)' is invalid for '--lengths <lengths>': the model reads at most \(classifier.maxTokens) tokens."
            )
        }
        let worker = classifier.makeWorker(threads: threads)
        var result = Result(
            engine: "pinson \(pinsonVersion) \(classifier.instructionSet.rawValue)", model: classifier.name,
            threads: threads, ms: [:])
        for length in lengths {
            let clock = ContinuousClock()
            let times = (0..<runs + 5).map { _ in
                clock.measure { _ = worker.scoreSample(tokens: length) } / .milliseconds(1)
            }
            let sorted = times.dropFirst(5).sorted()
            result.ms["\(length)"] = .init(p50: sorted[sorted.count / 2], min: sorted[0])
        }
        if json { return try printJSON(result, pretty: false) }
        print("\(result.model), \(result.engine), \(threads) thread\(threads == 1 ? "" : "s")".singleLine)
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

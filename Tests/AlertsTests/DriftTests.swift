import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Alerts

/// The comparison of texts with those of the training.
@Suite struct DriftTests {
    /// What texts are like.
    private struct Source {
        var shares = [0.5, 0.3, 0.18, 0.02]
        var length = 60.0
        var unknown = 0.02
        var score: Float = 0.8

        func sample(_ count: Int, _ random: inout Seeded) -> Sample {
            var sample = Sample(labels: shares.count)
            for _ in 0..<count {
                var rest = Double.random(in: 0..<shares.reduce(0, +), using: &random)
                var label = 0
                while rest >= shares[label], label < shares.count - 1 {
                    rest -= shares[label]
                    label += 1
                }
                // Lengths and shares of unknown tokens are skewed, as those of tweets are.
                let tokens = Int.random(in: 5...30, using: &random)
                let characters = Int(-length * log(1 - Double.random(in: 0..<1, using: &random)))
                sample.add(
                    characters: characters, label: label,
                    score: min(1, max(0, score + .random(in: -0.2...0.2, using: &random))), tokens: tokens,
                    unknownTokens: (0..<tokens).count { _ in Double.random(in: 0..<1, using: &random) < unknown })
            }
            return sample
        }
    }

    @Test(
        "The tail of the chi-square distribution is that of its closed forms",
        arguments: [
            0.001, 0.1, 1, 2.5, 3.841458820694124, 7, 15, 40, 200,
        ])
    func chiSquare(square: Double) {
        func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 + 1e-10 * b }
        #expect(isClose(DriftTest.chiSquareTail(square, degrees: 1), erfc((square / 2).squareRoot())))
        #expect(isClose(DriftTest.chiSquareTail(square, degrees: 2), exp(-square / 2)))
        #expect(isClose(DriftTest.chiSquareTail(square, degrees: 4), exp(-square / 2) * (1 + square / 2)))
        let x = square / 2
        #expect(
            isClose(DriftTest.chiSquareTail(square, degrees: 6), exp(-x) * (1 + x + x * x / 2)))
    }

    @Test("The chi-square test of a table is that of the textbook")
    func homogeneity() {
        // For two rows and two columns, the square is n (ad - bc)² divided by the product of the four sums.
        let p = DriftTest.homogeneity([28, 22], [16, 34])
        #expect(abs(p - erfc((100.0 * 600 * 600 / (50 * 50 * 44 * 56) / 2).squareRoot())) < 1e-12)
        #expect(DriftTest.homogeneity([10, 0], [0, 0]) == 1)
        #expect(DriftTest.homogeneity([500, 500], [5000, 5000]) == 1)
        #expect(DriftTest.homogeneity([1000, 0], [0, 1000]) < 1e-100)
    }

    @Test("Texts that have not changed raise at most as many alarms as stated, and not none")
    func falseAlarms() throws {
        var random = Seeded(2026)
        let (alpha, windows) = (0.05, 1000)
        var alarms = 0
        for _ in 0..<windows {
            let training = try #require(Source().sample(400, &random).statistics)
            if !DriftTest(Source().sample(400, &random), training, alpha: alpha).changed.isEmpty { alarms += 1 }
        }
        let (mean, deviation) = (alpha * Double(windows), (alpha * (1 - alpha) * Double(windows)).squareRoot())
        print("\(alarms) false alarms in \(windows) windows, with alpha \(alpha)")
        #expect(Double(alarms) < mean + 3 * deviation)
        #expect(alarms > windows / 200, "the test is too timid to be of use")
    }

    @Test("Each kind of change is noticed and named", arguments: DriftTest.Statistic.allCases)
    func changes(statistic: DriftTest.Statistic) throws {
        var random = Seeded(7)
        let training = try #require(Source().sample(2000, &random).statistics)
        var source = Source()
        switch statistic {
        case .labels: source.shares = [0.4, 0.4, 0.18, 0.02]
        case .score: source.score = 0.77
        case .length: source.length = 80
        case .unknown: source.unknown = 0.04
        }
        let test = DriftTest(source.sample(1000, &random), training, alpha: 0.001)
        #expect(test.changed == [statistic])
    }

    @Test("A test is made for each full window of new texts, and the window slides in between")
    func windows() throws {
        var random = Seeded(1)
        let training = try #require(Source().sample(500, &random).statistics)
        var window = DriftWindow(training, size: 200, alpha: 0.001)
        var tests: [Int] = []
        for index in 1...1000 {
            let text = String(repeating: "a", count: index <= 400 ? 50 : 500)
            let test = window.add(text, label: index % 2, score: 0.8, tokens: 10, unknownTokens: 0)
            if let test {
                tests.append(index)
                #expect(test.changed.contains(.length))
            }
            #expect(window.sample.texts <= 220)
        }
        #expect(tests == [200, 400, 600, 800, 1000])
    }

    @Test("Statistics are the same after they were written to a model file and read again")
    func metadata() throws {
        var random = Seeded(5)
        for unknown in [true, false] {
            var statistics = try #require(Source().sample(321, &random).statistics)
            if !unknown { statistics.unknown = nil }
            let file = try Workplace.withFolder { folder in
                let path = folder.appendingPathComponent("model.gguf").path
                try ModelFile.write(
                    to: path, metadata: statistics.entries, tensors: [],
                    hash: { _ in String(repeating: "0", count: 64) })
                return try ModelFile(path: path)
            }
            #expect(try TrainingStatistics(file.metadata, labels: 4) == statistics)
            #expect(throws: ModelFileError.self) { try TrainingStatistics(file.metadata, labels: 3) }
        }
    }
}

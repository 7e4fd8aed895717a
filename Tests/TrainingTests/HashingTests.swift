import Fixtures
import Foundation
import Testing
import Text

@testable import Training

/// Features that are the first bits of a hash.
@Suite struct HashingTests {
    private static func texts(_ count: Int, seed: UInt64) -> [String] {
        var random = Seeded(seed)
        return (0..<count).map { _ in
            (0..<8).map { _ in "w\(Int.random(in: 0..<2000, using: &random))" }.joined(separator: " ")
        }
    }

    private func vectorizer(_ texts: [String], bits: Int) throws -> Vectorizer {
        Vectorizer(
            fitting: texts, .init(try TextPipeline(preset: "plain"), blocks: [NgramBlock(.word, 1...2, hashBits: bits)])
        )
    }

    private func hashes(_ text: String) -> [UInt64] {
        var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
        buffer.load(text)
        NgramScanner([NgramBlock(.word, 1...2)]).scan(buffer, into: &ngrams)
        return ngrams.occurrences[0].map(\.hash)
    }

    @Test func eachNgramIsCountedInTheColumnOfItsFirstBits() throws {
        let texts = Self.texts(50, seed: 1)
        let counts = try vectorizer(texts, bits: 8).counts(of: texts)
        #expect(counts.columnCount == 256)
        for (row, text) in texts.enumerated() {
            let expected = hashes(text).reduce(into: [Int32: Float]()) { $0[Int32($1 >> 56), default: 0] += 1 }
            let found = counts.range(of: row).map { (counts.columns[$0], counts.values[$0]) }
            #expect(Dictionary(uniqueKeysWithValues: found) == expected)
        }
    }

    @Test func theFrequencyOfAColumnCountsTheTextsThatHaveIt() throws {
        let texts = Self.texts(50, seed: 2)
        let vocabulary = try vectorizer(texts, bits: 8).vocabularies[0]
        for column in 0..<256 {
            let count = texts.count { hashes($0).contains { $0 >> 56 == column } }
            #expect(abs(vocabulary.frequencies[column] - (log(51 / Double(1 + count)) + 1)) < 1e-12)
        }
    }

    @Test(arguments: [10, 14, 18])
    func theCollisionRateIsTheShareOfNgramsThatAreNotAlone(bits: Int) throws {
        let texts = Self.texts(3000, seed: 3)
        let different = Set(texts.flatMap(hashes))
        let columns = different.reduce(into: [UInt64: Int]()) { $0[$1 >> UInt64(64 - bits), default: 0] += 1 }
        let shared = different.count { columns[$0 >> UInt64(64 - bits)] ?? 0 > 1 }
        let rate = Double(shared) / Double(different.count)
        #expect(abs(try vectorizer(texts, bits: bits).vocabularies[0].collisionRate - rate) < 0.01)
    }

    @Test(arguments: [0, 1, 1000, 200_000, 3_000_000])
    func differentHashesAreCounted(number: Int) {
        var random = Seeded(5)
        var (first, second) = (DistinctCount(), DistinctCount())
        for index in 0..<number {
            let hash = UInt64.random(in: .min ... .max, using: &random)
            if index % 2 == 0 { first.add(hash) } else { second.add(hash) }
            if index % 10 == 0 { second.add(hash) }
        }
        first.add(second)
        #expect(abs(first.estimate - Double(number)) <= 0.003 * Double(number) + 0.1)
    }

    @Test func aBlockOfHashedNgramsIsWrittenAndRead() {
        #expect(NgramBlock("token:1-3:hash=18") == NgramBlock(.token, 1...3, hashBits: 18))
        #expect(NgramBlock(.token, 1...3, hashBits: 18).description == "token:1-3:hash=18")
        for text in ["token:1-3:hash=7", "token:1-3:hash=25", "token:1-3:18", "token:1-3:hash=", "token:1-3:hash=18:x"]
        {
            #expect(NgramBlock(text) == nil, "\(text)")
        }
    }
}

import Testing

@testable import Text

@Suite struct WordTableTests {
    static let tables: [(name: String, table: WordTable)] = [
        ("ContractionTable", ContractionTable.table), ("EmojiTable", EmojiTable.table),
        ("EmoticonTable", EmoticonTable.table),
        ("EmoticonTable.priorK", EmoticonTable.priorK), ("stopWords", FunctionWordTable.stopWords),
        ("negatingStopWords", FunctionWordTable.negatingStopWords), ("HTMLEntityTable", HTMLEntityTable.table),
        ("IrregularNounTable", IrregularNounTable.table), ("IrregularVerbTable", IrregularVerbTable.table),
        ("NegationTable", NegationTable.words), ("fragments", NegationTable.fragments),
        ("PriorGLemmaTable", PriorGLemmaTable.table),
        ("UninflectedWordTable", UninflectedWordTable.table),
    ]

    @Test(arguments: tables.indices)
    func everyEntryOfATableIsFoundAndNothingElse(index: Int) throws {
        let (name, table) = Self.tables[index]
        let entries = Array(table.bytes).split(separator: 0x0A as UInt8).map { line in
            let parts = line.split(separator: 0x20 as UInt8, maxSplits: 1)
            return (word: Array(parts[0]), value: parts.count > 1 ? Array(parts[1]) : [])
        }
        #expect(!entries.isEmpty)
        for (first, second) in zip(entries, entries.dropFirst()) {
            #expect(
                first.word.lexicographicallyPrecedes(second.word),
                "\(name): \(String(decoding: second.word, as: UTF8.self))")
        }
        let words = Set(entries.map(\.word))
        for (word, value) in entries {
            #expect(
                table.value(of: word).map { Array($0) } == value, "\(name): \(String(decoding: word, as: UTF8.self))")
            for other in [word + [0x21], word + [0x7A], Array(word.dropLast()), [0x21] + word]
            where !words.contains(other) {
                #expect(!table.contains(other), "\(name): \(String(decoding: other, as: UTF8.self))")
            }
        }
    }

    @Test func noEmoticonIsLongerThanTheLongest() {
        let lengths = Array(EmoticonTable.table.bytes).split(separator: 0x0A as UInt8).map {
            $0.prefix { $0 != 0x20 }.count
        }
        #expect(lengths.max() == EmoticonTable.longest)
    }
}

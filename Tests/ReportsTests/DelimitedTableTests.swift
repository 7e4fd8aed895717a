import Fixtures
import Testing

@testable import Reports

/// Tables as spreadsheet programs save them.
@Suite struct DelimitedTableTests {
    private static let expected = [["1", "a, b; \"c\"\nd", "é€"], ["2", "", "x"]]

    private static func table(_ separator: String, _ end: String) -> String {
        ["id", "text", "label"].joined(separator: separator) + end
            + "1\(separator)\"a, b; \"\"c\"\"\nd\"\(separator)é€" + end + "2\(separator)\(separator)x" + end
    }

    @Test(arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"])
    func separatorsAndLineEndsAreRecognized(separator: String, end: String) throws {
        let table = try DelimitedTable(Array(Self.table(separator, end).utf8), path: "a.csv")
        #expect(table.header == ["id", "text", "label"])
        #expect(table.rows.map(\.fields) == Self.expected)
        #expect(table.column("LABEL") == 2 && table.column("note") == nil)
    }

    @Test func encodingsAreRecognized() throws {
        let text = Self.table(";", "\r\n")
        let units = Array(text.utf16)
        let encodings: [[UInt8]] = [
            Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
            [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
            [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
            text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8($0.value) },
        ]
        for bytes in encodings {
            #expect(try DelimitedTable(bytes, path: "a.csv").rows.map(\.fields) == Self.expected)
        }
    }

    @Test(arguments: [
        ("", "a.csv: it is empty"), ("a,b\n1\n", "a.csv:2: the number of fields is 1, but the header has 2"),
        ("a,b\n1,2\n\n\"x", "a.csv:4: a quoted field of this record has no closing quote"),
    ])
    func aDamagedTableIsNamedWithItsLine(text: String, message: String) {
        let error = #expect(throws: ReportError.self) { try DelimitedTable(Array(text.utf8), path: "a.csv") }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func whatTheWriterWritesTheReaderReads() throws {
        var random = Seeded(4)
        let parts = ["a", "\"", ",", ";", "\n", "\r\n", " ", "é", "😀", "\u{301}", "\t"]
        for _ in 0..<200 {
            let rows = (0..<3).map { row in
                ["\(row)"]
                    + (0..<3).map { _ in
                        (0..<Int.random(in: 0...6, using: &random)).map { _ in
                            parts.randomElement(using: &random) ?? ""
                        }.joined()
                    }
            }
            var writer = DelimitedWriter()
            writer.append(["h0", "h1", "h2", "h3"])
            for row in rows { writer.append(row) }
            #expect(try DelimitedTable(writer.bytes, path: "a").rows.map(\.fields) == rows)
        }
    }
}

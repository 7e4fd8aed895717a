import Fixtures
import JSON
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSON { try JSON(parsing: text.utf8) }

    @Test(arguments: [
        ("null", JSON.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .number(0)),
        ("-0.5e+2", .number(-50)),
        ("1E3", .number(1000)), (#""""#, .string("")), (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u00e9\ud83d\ude0d\u0000""#, .string("é😍\0")), ("\"é😍\"", .string("é😍")), ("[]", .array([])),
        ("[1,[2]]", .array([.number(1), .array([.number(2)])])), ("{}", .object([])),
        (#"{"a":1,"a":2}"#, .object([.init(key: "a", value: .number(1)), .init(key: "a", value: .number(2))])),
    ])
    func aValueCanBeRead(text: String, expected: JSON) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        ("", 0, "expected a value"), ("nul", 0, "expected a value"), ("[1,]", 3, "expected a value"),
        ("[1", 2, "expected ',' or ']'"),
        ("{a:1}", 1, "expected a key in quotes"), (#"{"a" 1}"#, 5, "expected ':'"),
        (#"{"a":1,}"#, 7, "expected a key in quotes"),
        (#"{"a":1"#, 6, "expected ',' or '}'"), ("1 2", 2, "expected the end of the document"),
        ("01", 1, "expected the end of the document"),
        ("1.", 2, "expected a digit"),
        ("-", 1, "expected a digit"), ("1e400", 0, "expected a number within the range of a double"),
        (#""a"#, 2, "a string is not closed"),
        ("\"a\nb\"", 2, "a string contains a control character"), (#""\x""#, 2, "the escape sequence is unknown"),
        (#""\u12g4""#, 5, "expected four hexadecimal digits"),
        (#""\ud800""#, 1, "a surrogate is unpaired"), (#""\ud800\u0041""#, 1, "a surrogate is unpaired"),
        (#""\udc00""#, 1, "a surrogate is unpaired"),
        (#"{"text":"#, 8, "expected a value"), ("NaN", 0, "expected a value"), ("'a'", 0, "expected a value"),
    ])
    func anErrorNamesThePosition(text: String, offset: Int, reason: String) {
        #expect(throws: JSONError(offset: offset, reason: reason)) { try parse(text) }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: JSONError(offset: 1, reason: "the string is not UTF-8")) {
            try JSON(parsing: [0x22, 0xFF, 0x22])
        }
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test func nestingIsLimited() throws {
        _ = try parse(String(repeating: "[", count: 32) + String(repeating: "]", count: 32))
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 100_000)) }
    }

    @Test(arguments: 1...200)
    func writingAndReadingGivesTheSameValue(seed: UInt64) throws {
        var random = Seeded(seed)
        func value(_ depth: Int) -> JSON {
            switch Int.random(in: 0..<(depth < 4 ? 6 : 4), using: &random) {
            case 0: return .null
            case 1: return .bool(Bool.random(using: &random))
            case 2: return .number(Double(random.float(1e6)))
            case 3: return .string(text())
            case 4: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth + 1) })
            default:
                return .object(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in .init(key: text(), value: value(depth + 1)) }
                )
            }
        }
        func text() -> String {
            String(
                (0..<Int.random(in: 0...8, using: &random)).map { _ in
                    "a\"\\\n\t\u{1}é😍/\u{2028}".randomElement(using: &random) ?? "x"
                })
        }
        let written = value(0)
        var writer = JSONWriter()
        writer.value(written)
        #expect(try parse(writer.text) == written)
    }

    @Test(arguments: 1...300)
    func damagedTextNeverCrashesTheReader(seed: UInt64) {
        var random = Seeded(seed)
        var bytes = Array(#"{"text":"I \u00e9 love \ud83d\ude0d","inputs":["a",{"b":[1.5e3,null,true]}]}"#.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try? JSON(parsing: bytes)
        _ = try? JSON(parsing: bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
    }

    @Test func numbersThatAreNotFiniteBecomeNull() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.value(Float.nan)
        writer.value(.number(.infinity))
        writer.value(Float(0.1))
        writer.value(.number(3))
        writer.endArray()
        #expect(writer.text == "[null,null,0.1,3]")
    }
}

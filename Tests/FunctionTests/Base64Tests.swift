import Fixtures
import Foundation
import Testing

@testable import function

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"),
    ])
    func theTestVectorsOfTheStandardAreDecoded(encoded: String, decoded: String) {
        #expect(Base64.decode(encoded) == Array(decoded.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=", "====", "Zm9v=", "Zh==", "Zm9=", "Z=g=", "Zm9v\n", "Zm 9", "Zm9-", "Zm9_",
        "Zmé",
    ])
    func aTextThatIsNotValidIsRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func seededBytesComeBack() {
        var random = Seeded(1)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
            #expect(Base64.decode(Data(bytes).base64EncodedString()) == bytes)
        }
    }

    /// Whatever is accepted is what Foundation accepts, with the same bytes.
    @Test func seededTextsAreJudgedAsByFoundation() {
        var random = Seeded(2)
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...9, using: &random)).map { _ in "AbQ9+/=".randomElement(using: &random) ?? "=" })
            if let bytes = Base64.decode(text) {
                #expect(Data(base64Encoded: text).map(Array.init) == bytes, "\(text)")
            }
        }
    }
}

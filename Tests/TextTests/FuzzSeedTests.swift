import Fixtures
import Testing

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    /// The bytes before a text choose the normalizer, the limit of 64 tokens, and that nothing is damaged.
    @Test func theFuzzerOfWordPieceStartsWithTextsOfManyScripts() throws {
        try FuzzSeeds.write(
            "WordPiece", prefix: [0b11111, 64, 0],
            [
                "Loved the crew, not the delayed flight! #late @airline", "né n\u{301}e\u{301} İ ŉ ß",
                "한국 a我b \u{3000}c\u{A0}d", "so 😍 👩‍👩‍👧 [SEP] [CLS]x[MASK]", "a\u{200B}b\u{0B}c\u{FFFD}d\u{0}",
                String(repeating: "e\u{301}", count: 101),
            ])
    }
}

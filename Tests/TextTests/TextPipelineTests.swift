import Fixtures
import Testing

@testable import Text

@Suite struct TextPipelineTests {
    @Test func theTextsOfAPipelineMakeTheSamePipelineAgain() throws {
        let texts = [
            "links", "stopwords:spaced,keep=none", "punctuation:only=!?,isolate", "negation:suffix==x",
            "repeats:limit=3",
        ]
        let pipeline = try TextPipeline(texts)
        #expect(
            pipeline.strings == [
                "links:token=URL,rule=tweet", "stopwords:keep=none,spaced", "punctuation:isolate,only=!?",
                "negation:suffix==x", "repeats:limit=3",
            ])
        #expect(try TextPipeline(pipeline.strings) == pipeline)
        #expect(try TextPipeline(["links"]) == TextPipeline(["links:rule=tweet"]))
        #expect(try TextPipeline(["links"]) != TextPipeline(["links:remove"]))
    }

    @Test func stepsAreAppliedInOrder() throws {
        #expect(try TextPipeline(["lowercase", "hashtags"]).apply(to: "#BestDay") == "bestday")
        #expect(try TextPipeline(["hashtags", "lowercase"]).apply(to: "#BestDay") == "best day")
        #expect(try TextPipeline([]).apply(to: "A  b") == "A  b")
    }

    @Test(arguments: [
        ("link", "There is no text step 'link'. The steps are \(TextPipeline.stepNames.joined(separator: ", "))."),
        ("", "There is no text step ''. The steps are \(TextPipeline.stepNames.joined(separator: ", "))."),
        ("lowercase:all", "The text step 'lowercase' has no option 'all'. It has none."),
        ("links:tokens=X", "The text step 'links' has no option 'tokens'. Its options are token, remove, rule."),
        ("lowercase:", "The text step 'lowercase' has no option ''. It has none."),
        (
            "links:token",
            "The text step 'links' has the option 'token', but 'token=' and a text without commas and control characters is expected."
        ),
        (
            "links:remove=1",
            "The text step 'links' has the option 'remove=1', but 'remove' without a value is expected."
        ),
        (
            "repeats:limit=0",
            "The text step 'repeats' has the option 'limit=0', but 'limit=' and a whole number from 1 to 9 is expected."
        ),
        (
            "repeats:limit=+2",
            "The text step 'repeats' has the option 'limit=+2', but 'limit=' and a whole number from 1 to 9 is expected."
        ),
        (
            "stem:rule=snowball",
            "The text step 'stem' has the option 'rule=snowball', but 'rule=' and one of porter, nltk is expected."
        ),
        (
            "links:remove,token=X",
            "The text step 'links' has the options 'remove' and 'token', which exclude each other. Give one of them."
        ),
        ("stem:spaced,spaced", "The text step 'stem' has the option 'spaced' twice. Give it once."),
    ])
    func aWrongStepIsAnErrorThatSaysWhatIsExpected(text: String, expected: String) {
        let error = #expect(throws: TextPipelineError.self) { try TextPipeline(["lowercase", text]) }
        #expect(error?.description == expected)
    }

    @Test func anUnknownPresetIsAnErrorThatNamesThePresets() {
        let error = #expect(throws: TextPipelineError.self) { try TextPipeline(preset: "tweets") }
        #expect(
            error?.description
                == "There is no text preset 'tweets'. The presets are plain, tweet, anonymous, prior-g, prior-k, cardiff."
        )
    }

    @Test(arguments: TextPipeline.Preset.allCases)
    func everyPresetCanBeMade(preset: TextPipeline.Preset) throws {
        #expect(try TextPipeline(preset: preset.rawValue) == TextPipeline(preset.strings))
    }

    @Test func aBufferGivesTheSameAsAText() throws {
        var buffer = TextBuffer()
        for preset in TextPipeline.Preset.allCases {
            let pipeline = try TextPipeline(preset.strings)
            for golden in try TextGoldens.read("prior", as: TextGoldens.Prior.self).prefix(40) {
                buffer.load(golden.text)
                pipeline.apply(to: &buffer)
                #expect(buffer.text == pipeline.apply(to: golden.text))
                #expect(buffer.withBytes { Array($0) } == Array(buffer.text.utf8))
            }
        }
    }

    /// Text of pieces that mean something to a step, and of random characters.
    private func randomText(_ seed: UInt64) -> String {
        let pieces = [
            "http://", "www.", "@", "#", "a", "S", "é", "Σ", "İ", "'", "’", "n't", "ing", "eed", "yy", ":", ")", "/",
            "<3", "xD", "&",
            "#x", "amp;", ";", "9", "_", " ", "\n", "\u{3000}", "😍", "\u{200D}", "\u{FE0F}", "\u{1F3FD}", "\u{20E3}",
            "🇫", "♀", "👩",
            "not ", "the ", "cannot ", ".", ",", "ss", "ies", "\u{0}", "日",
        ]
        var random = Seeded(seed)
        return (0..<Int.random(in: 0...16, using: &random)).map { _ in
            Bool.random(using: &random)
                ? pieces[Int.random(in: pieces.indices, using: &random)]
                : String(Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &random)) ?? "x")
        }.joined()
    }

    @Test func everyStepAcceptsEveryText() throws {
        for step in TextPipeline.stepNames {
            let options = [""] + TextPipeline.options(of: step).map { ":" + $0 }
            for option in options {
                let pipeline = try TextPipeline([step + option])
                for seed in UInt64(0)..<200 {
                    let text = randomText(seed)
                    let result = pipeline.apply(to: text)
                    #expect(
                        !result.unicodeScalars.contains("\u{FFFD}"), "\(step)\(option) breaks a character of \(text)")
                }
            }
        }
    }

    /// Steps that look at everything again for each of many matches would take hours for these texts.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "http://", "www.!", "aaa.", ":)", "@a.", "x@a", "#a.", "&#x", "&amp", "Σʰ", "👩\u{200D}", "y", "cannot.",
            "n't", "http://a ",
        ])
    func theTimeOfAStepGrowsWithTheLengthOfTheText(piece: String) throws {
        let text = String(repeating: piece, count: 40_000 / piece.utf8.count)
        for step in TextPipeline.stepNames {
            #expect(try TextPipeline([step]).apply(to: text).utf8.count < 40 * text.utf8.count, "\(step)")
        }
    }

    @Test func bytesThatAreNotUTF8AreNotReadBeyondTheirEnd() throws {
        for step in TextPipeline.stepNames {
            let pipeline = try TextPipeline([step])
            for seed in UInt64(0)..<200 {
                var random = Seeded(seed)
                var buffer = TextBuffer()
                buffer.bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    UInt8.random(in: Bool.random(using: &random) ? 0...255 : 0x20...0x7E, using: &random)
                }
                pipeline.apply(to: &buffer)
            }
        }
    }
}

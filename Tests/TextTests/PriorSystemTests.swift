import Testing

@testable import Text

/// The presets that repeat the cleaning of two earlier systems.
@Suite struct PriorSystemTests {
    @Test func bothPresetsGiveWhatTheStepsOfThoseSystemsGiveInPython() throws {
        let priorG = try TextPipeline(preset: "prior-g")
        let priorK = try TextPipeline(preset: "prior-k")
        let goldens = try TextGoldens.read("prior", as: TextGoldens.Prior.self)
        #expect(goldens.count > 500)
        for golden in goldens {
            #expect(priorG.apply(to: golden.text) == golden.g, "\(golden.text)")
            #expect(priorK.apply(to: golden.text) == golden.k, "\(golden.text)")
        }
    }

    /// The expected outputs are those of the tests of system G.
    @Test(arguments: [
        (
            "Flew w/ @AirParadis and I'm in love! Epic service, comfy seats and good prices https://t.co/a1 #BestFlight #AirParadis",
            "flew w < MENTION > im love ! epic service comfy seat good price < URL > # bestflight # airparadis"
        ),
        (
            "Flight of my dreams w/ @AirParadis! Got food, space and smiles. I'll book again! #AirParadis",
            "flight dream w < MENTION > ! got food space smile ill book ! # airparadis"
        ),
        (
            "3rd time w/ @AirParadis &amp; still amazed by the crew, so lovely at every step! #FlyHappy #AirParadis",
            "3rd time w < MENTION > still amazed crew lovely every step ! # flyhappy # airparadis"
        ),
    ])
    func aTweetBecomesWhatTheFirstSystemExpects(text: String, expected: String) throws {
        #expect(try TextPipeline(preset: "prior-g").apply(to: text) == expected)
    }

    @Test func theSecondSystemReadsAnEmoticonIntoALink() throws {
        #expect(
            try TextPipeline(preset: "prior-k").apply(to: "http://twitpic.com/2y1zl - Awww, that's a bummer.")
                == "annoy twitpiccom 2y1zl awww bummer")
    }

    @Test func ourPresetsKeepLinksPunctuationAndEmoticons() throws {
        let text = "@You &lt;3 SOOOOO good!!! :-) http://t.co/Ab #Yes"
        #expect(
            try TextPipeline(preset: "plain").apply(to: text) == "@you &lt;3 sooooo good!!! :-) http://t.co/ab #yes")
        #expect(try TextPipeline(preset: "tweet").apply(to: text) == "@you <3 sooo good!!! :-) http://t.co/ab #yes")
        #expect(try TextPipeline(preset: "anonymous").apply(to: text) == "USER <3 sooo good!!! :-) URL #yes")
    }
}

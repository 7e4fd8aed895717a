import Testing

@testable import Text

/// Steps that repeat what a library of Python does.
@Suite struct TextStepGoldenTests {
    private func check(_ step: String, _ name: String, atLeast count: Int) throws {
        let pipeline = try TextPipeline([step])
        let goldens = try TextGoldens.read(name, as: TextGoldens.Change.self)
        #expect(goldens.count >= count)
        for golden in goldens {
            #expect(Array(pipeline.apply(to: golden.text).utf8) == Array(golden.expected.utf8), "\(golden)")
        }
    }

    @Test func lowerCaseIsThatOfPython() throws { try check("lowercase", "lowercase", atLeast: 250) }

    @Test func characterReferencesAreDecodedAsPythonDecodesThem() throws {
        try check("entities", "entities", atLeast: 600)
    }

    @Test func stemsAreThoseOfNLTK() throws {
        let porter = try TextPipeline(["stem"])
        let nltk = try TextPipeline(["stem:rule=nltk"])
        let goldens = try TextGoldens.read("stems", as: TextGoldens.Stems.self)
        #expect(goldens.count > 1500)
        for golden in goldens {
            #expect(porter.apply(to: golden.text) == golden.porter, "\(golden)")
            #expect(nltk.apply(to: golden.text) == golden.nltk, "\(golden)")
        }
    }

    /// The examples of the article.
    @Test(arguments: [
        ("caresses", "caress"), ("ponies", "poni"), ("ties", "ti"), ("cats", "cat"), ("feed", "feed"),
        ("agreed", "agre"),
        ("plastered", "plaster"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"),
        ("troubled", "troubl"), ("sized", "size"),
        ("hopping", "hop"), ("falling", "fall"), ("hissing", "hiss"), ("failing", "fail"), ("filing", "file"),
        ("happy", "happi"), ("sky", "sky"),
        ("relational", "relat"), ("conditional", "condit"), ("digitizer", "digit"), ("vietnamization", "vietnam"),
        ("triplicate", "triplic"),
        ("electrical", "electr"), ("goodness", "good"), ("revival", "reviv"), ("replacement", "replac"),
        ("adoption", "adopt"),
        ("effective", "effect"), ("probate", "probat"), ("rate", "rate"), ("cease", "ceas"), ("controlling", "control"),
        ("rolling", "roll"),
    ])
    func aWordOfPortersArticleHasItsStem(word: String, stem: String) throws {
        #expect(try TextPipeline(["stem"]).apply(to: word) == stem)
    }

    @Test func wordsWithCapitalsMentionsAndLinksHaveNoStem() throws {
        #expect(
            try TextPipeline(["stem"]).apply(to: "URL @connected http://connected.com Connected connected")
                == "URL @connected http://connected.com Connected connect")
    }
}

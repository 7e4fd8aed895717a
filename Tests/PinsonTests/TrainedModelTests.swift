import Fixtures
import Foundation
import Testing

/// What a user learns about a trained model: why it answers as it does, and how good it is.
@Suite(.serialized, .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainedModelTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    /// Calls `body` with the paths of three models of the same data and of data to measure on.
    private func withModels(
        classes: Int = 2, _ body: (_ models: [String], _ data: String, _ folder: URL) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            try TrainTests.csv(600, classes: classes, seed: 9).write(toFile: data, atomically: true, encoding: .utf8)
            let models = try ["logistic", "bayes", "forest"].map { approach in
                let model = folder.appendingPathComponent("\(approach).gguf").path
                let result = try pinson("train", approach, "--data", data, "-o", model)
                #expect(result.status == 0, "\(result.error)")
                return model
            }
            try body(models, data, folder)
        }
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    private func parts(_ explanation: [String: Any]) -> [(text: String, contribution: Double)] {
        (explanation["parts"] as? [[String: Any]] ?? []).map {
            ($0["text"] as? String ?? "", $0["contribution"] as? Double ?? .nan)
        }
    }

    // MARK: - Explanations

    @Test(arguments: [2, 3], ["The crew was AWFUL", "thanks, we love our seat", "unbekannt", "late late late"])
    func theContributionsOfNgramsSumToTheLogit(classes: Int, text: String) throws {
        try withModels(classes: classes) { models, _, folder in
            for model in models {
                let result = try pinson("classify", model, text, "--format", "jsonl", "--explain")
                let line = try object(result.output)
                let explanation = try #require(line["explanation"] as? [String: Any])
                #expect(explanation["method"] as? String == "terms")
                let logit = try #require(explanation["logit"] as? Double)
                let bias = try #require(explanation["bias"] as? Double)
                let sum = parts(explanation).reduce(bias) { $0 + $1.contribution }
                #expect(abs(sum - logit) < 1e-4 * max(1, abs(logit)), "\(model): \(sum) and \(logit)")
                let logits = try #require(line["logits"] as? [Double])
                #expect(abs((logits.count == 2 ? abs(logits[1] - logits[0]) : logits.max() ?? 0) - logit) < 1e-4)
            }
        }
    }

    @Test func theWordThatTellsTheClassContributesMost() throws {
        try withModels { models, _, folder in
            let result = try pinson("classify", models[0], "the crew was awful", "--explain", "--format", "jsonl")
            let explanation = try #require(try object(result.output)["explanation"] as? [String: Any])
            let first = try #require(parts(explanation).first)
            #expect(first.contribution > 0 && " awful ".contains(first.text), "\(first)")
            let shown = try pinson("classify", models[0], "the crew was awful", "--explain").output
            #expect(shown.split(separator: "\n").count == 11 && shown.contains("\n\t+"), "\(shown)")
            let function = try FunctionProcess(["MODEL_PATH": models[0]], log: folder.appendingPathComponent("log"))
            let answer = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"the crew was awful","explain":true}"#)
            #expect(parts(try #require(answer.json()["explanation"] as? [String: Any])).first?.text == first.text)
            let plain = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"the crew was awful","explain":false}"#)
            #expect(try plain.status == 200 && plain.json()["explanation"] == nil)
            #expect(function.terminate() == 0)
        }
    }

    @Test func aTransformerLeavesOutOneWordAfterTheOther() throws {
        let result = try pinson("classify", Images.model, "what a terrible flight", "--explain", "--format", "jsonl")
        let explanation = try #require(try object(result.output)["explanation"] as? [String: Any])
        #expect(explanation["method"] as? String == "leave-one-out")
        #expect(Set(parts(explanation).map(\.text)) == ["what", "a", "terrible", "flight"])
        #expect(parts(explanation).first?.text == "terrible")
        #expect(try pinson("classify", Images.model, "so good", "--explain", "--format", "csv").status == 2)
        try Workplace.withFolder { folder in
            let function = try FunctionProcess(["MODEL_PATH": Images.model], log: folder.appendingPathComponent("log"))
            let answer = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"so good","explain":true}"#)
            #expect(answer.status == 422)
            #expect((try answer.json()["detail"] as? String)?.contains("is not a sum of terms") == true)
            #expect(function.terminate() == 0)
        }
    }

    // MARK: - Measuring

    @Test func twoModelsAreComparedOnTheSameTweets() throws {
        try withModels { models, data, folder in
            let page = folder.appendingPathComponent("page.html").path
            let result = try pinson(
                "compare", models[0], models[1], "--data", data, "--json", "--resamples", "50", "--report", page)
            #expect(result.status == 0, "\(result.error)")
            let comparison = try object(result.output)
            let counts = try #require(comparison["mcNemar"] as? [String: Any])
            let both = (comparison["bothRight"] as? Int ?? 0) + (comparison["bothWrong"] as? Int ?? 0)
            #expect(both + (counts["onlyFirst"] as? Int ?? 0) + (counts["onlySecond"] as? Int ?? 0) == 600)
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(html.contains("logistic.gguf") && html.contains("bayes.gguf"))
            let same = try pinson("compare", models[0], models[0], "--data", data, "--resamples", "20")
            #expect(same.output.contains("The data does not show that one of the models is better."), "\(same.output)")
            let other = try pinson("compare", models[0], Images.model, "--data", data, "--map", "x=negative")
            #expect(other.status == 0, "both have the labels negative and positive")
        }
        try withModels(classes: 3) { models, data, _ in
            let result = try pinson("compare", models[0], Images.model, "--data", data)
            #expect(result.status == 2)
            #expect(result.error.contains("the models have different labels"), "\(result.error)")
        }
    }

    @Test func anEvaluationHasIntervalsAndCategoriesAndAPage() throws {
        try withModels { models, _, folder in
            let data = folder.appendingPathComponent("hard.csv").path
            try """
            text,label,category
            "oh great, late again",negative,irony
            "the worst",negative,plain
            "we love the crew",positive,plain
            "thanks",positive,

            """.write(toFile: data, atomically: true, encoding: .utf8)
            let page = folder.appendingPathComponent("page.html").path
            let result = try pinson("evaluate", models[0], "--data", data, "--json", "--report", page)
            let evaluation = try object(result.output)
            let categories = try #require(evaluation["categories"] as? [[String: Any]])
            #expect(categories.map { $0["name"] as? String } == ["irony", "plain"])
            #expect(categories.map { $0["count"] as? Int } == [1, 2])
            #expect((evaluation["intervals"] as? [String: Any])?["overall"] != nil)
            #expect(try String(contentsOfFile: page, encoding: .utf8).contains("oh great, late again"))
            let text = try pinson("evaluate", models[0], "--data", data, "--positive", "negative").output
            #expect(text.contains("  irony "), "\(text)")
            let wrong = try pinson("evaluate", models[0], "--data", data, "--positive", "good")
            #expect(wrong.status == 2 && wrong.error.contains("the labels of the model are 'negative', 'positive'"))
        }
    }

    @Test func aLinearModelHasNoTokenizer() throws {
        try withModels { models, _, _ in
            let result = try pinson("tokenize", models[0], "so good")
            #expect(result.status != 0 && result.error.contains("has no tokenizer"), "\(result.error)")
        }
    }

    @Test func dataWithoutTweetsIsRefused() throws {
        try withModels { models, _, folder in
            let data = folder.appendingPathComponent("empty.csv").path
            try "text,label\n".write(toFile: data, atomically: true, encoding: .utf8)
            for arguments in [["evaluate", models[0]], ["compare", models[0], models[1]]] {
                let result = try Program.run(Workplace.binary("pinson"), arguments + ["--data", data])
                #expect(result.status == 2 && result.error.contains("no tweets found"), "\(result.error)")
            }
        }
    }

    // MARK: - Many models

    @Test func everyApproachIsMeasuredOnTheSameTexts() throws {
        try withModels { models, data, _ in
            let result = try pinson("benchmark", "--data", data, "--json", "--model", models[0])
            #expect(result.status == 0, "\(result.error)")
            let rows = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
            #expect(rows.count == 12 && rows[11]["approach"] as? String == models[0])
            for row in rows {
                #expect(row["accuracy"] as? Double ?? 0 > 0.9 && row["bytes"] as? Int ?? 0 > 1000)
                #expect(row["residentBytes"] as? Int ?? 0 > 1_000_000 && row["firstAnswerMilliseconds"] is Double)
            }
            let table = try pinson("benchmark", "--data", data, "--features", "word")
            #expect(table.output.split(separator: "\n").count == 9, "\(table.output)")
        }
    }

    @Test func aModelLearnsTheScoresOfATeacher() throws {
        try withModels { models, data, folder in
            let student = folder.appendingPathComponent("student.gguf").path
            let result = try pinson(
                "train", "logistic", "--data", data, "-o", student, "--teacher", models[0], "--teacher-weight", "1")
            #expect(result.status == 0 && result.error.contains("asking the teacher"), "\(result.error)")
            #expect(try pinson("evaluate", student, "--data", data, "--min-accuracy", "0.95").status == 0)
            let wrong = try pinson("train", "bayes", "--data", data, "-o", student, "--teacher", models[0])
            #expect(wrong.status == 2 && wrong.error.contains("needs a logistic regression"))
        }
        try withModels(classes: 3) { models, data, folder in
            let student = folder.appendingPathComponent("student.gguf").path
            let result = try pinson("train", "logistic", "--data", data, "-o", student, "--teacher", Images.model)
            #expect(result.status == 2 && result.error.contains("the models have different labels"), "\(result.error)")
        }
    }
}

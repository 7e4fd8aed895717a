import Fixtures
import Foundation
import Testing

/// The page about models of scikit-learn, and `pack` with an export.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ScikitLearnPageTests {
    private static func export(_ name: String) -> String {
        Workplace.repository.appendingPathComponent("Tests/InferenceTests/Goldens/scikit/\(name).npz").path
    }

    private func pack(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), ["pack"] + arguments)
    }

    @Test(.enabled(if: Python.has("sklearn"), "needs the Python package scikit-learn"))
    func everyCommandOfThePageWorks() throws {
        let shell = try #require(Program.find("bash"))
        let page = try String(
            contentsOf: Workplace.repository.appendingPathComponent("docs/scikit-learn.md"), encoding: .utf8)
        let commands = page.matches(of: /```sh\n([^`]*)```/).flatMap { $0.1.split(separator: "\n") }
        #expect(commands.count == 4)
        try Workplace.withFolder { folder in
            try Data(TrainTests.csv(40, classes: 2, seed: 1).utf8).write(
                to: folder.appendingPathComponent("TWEETS.csv"))
            let python = try Python.run(
                """
                import csv, joblib, sys
                from sklearn.pipeline import make_pipeline
                from sklearn.feature_extraction.text import TfidfVectorizer
                from sklearn.linear_model import LogisticRegression
                rows = list(csv.DictReader(open(sys.argv[1] + "/TWEETS.csv")))
                model = make_pipeline(TfidfVectorizer(), LogisticRegression())
                joblib.dump(model.fit([r["text"] for r in rows], [r["label"] for r in rows]), sys.argv[1] + "/PIPELINE.joblib")
                print(sys.executable, end="")
                """, folder.path)
            for command in commands {
                let line = command.replacing("python ", with: "'\(python)' ")
                    .replacing("docs/", with: "'\(Workplace.repository.path)/docs/'")
                    .replacing("dist/pinson", with: "'\(Workplace.binary("pinson").path)'")
                let result = try Program.run(shell, ["-c", "cd '\(folder.path)' && \(line)"])
                #expect(result.status == 0 && !result.output.isEmpty, "\(line)\n\(result.error)")
            }
        }
    }

    @Test func packComparesTheAnswersBeforeItWritesTheModel() throws {
        try Workplace.withFolder { folder in
            let output = folder.appendingPathComponent("m.gguf").path
            let exact = try pack(Self.export("union"), "-o", output, "--labels", "a,b,c")
            #expect(exact.status == 0, "\(exact.error)")
            #expect(exact.output.contains("union, LogisticRegression, ") && exact.output.contains("labels: a, b, c"))
            #expect(exact.output.firstMatch(of: /on 32 texts.*\n  largest difference +[0-9.]+e-0[6-9]\n/) != nil)
            let small = try pack(Self.export("svm-characters"), "-o", output, "--bits", "8")
            #expect(small.output.contains("n-grams that 8 bits take for another one, and '--bits 32' does not: "))
            #expect(small.output.contains("this classifier has no probabilities in scikit-learn"))
            for options in [["--bits", "4"], ["--max-tokens", "64"], ["--tokenizer", folder.path]] {
                let refused = try Program.run(
                    Workplace.binary("pinson"), ["pack", Self.export("union"), "-o", "\(output)2"] + options)
                #expect(refused.status == 2 && !refused.error.isEmpty)
                #expect(!FileManager.default.fileExists(atPath: "\(output)2"))
            }
        }
    }

    /// An export whose answers are not those of its weights.
    @Test(.enabled(if: Python.has("zipfile"), "needs Python"))
    func packRefusesAModelThatAnswersDifferentlyThanScikitLearn() throws {
        try Workplace.withFolder { folder in
            let (changed, output) = ("\(folder.path)/changed.npz", folder.appendingPathComponent("m.gguf").path)
            _ = try Python.run(
                """
                import json, sys, zipfile
                source = zipfile.ZipFile(sys.argv[1])
                with zipfile.ZipFile(sys.argv[2], "w") as changed:
                    for name in source.namelist():
                        data = source.read(name)
                        if name == "model.json":
                            model = json.loads(data)
                            model["examples"][3]["outputs"][0] += 1e-4
                            data = json.dumps(model)
                        changed.writestr(name, data)
                """, Self.export("logistic"), changed)
            let result = try pack(changed, "-o", output)
            #expect(result.status == 2)
            #expect(result.error.contains("changed.npz: the packed model would compute "))
            #expect(result.error.contains("but scikit-learn 1.9.1 computes "))
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }
}

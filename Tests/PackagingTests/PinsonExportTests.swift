import Fixtures
import Foundation
import Testing

/// The script that exports models of scikit-learn: what it refuses, and how it is called.
@Suite(.enabled(if: Python.has("sklearn"), "needs the Python package scikit-learn"))
struct PinsonExportTests {
    private static let script = Workplace.repository.appendingPathComponent("docs/pinson_export.py").path

    private static let start = """
        import sys
        sys.path.insert(0, sys.argv[1])
        import pinson_export
        from sklearn.feature_extraction.text import *
        from sklearn.pipeline import *
        from sklearn.linear_model import *
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.decomposition import TruncatedSVD
        from sklearn.naive_bayes import *
        from sklearn.svm import *
        x, y = ["so good", "so bad", "good crew", "bad seat", "ok", "it is ok"], list("pnpnzz")

        """

    private func run(_ code: String, _ arguments: String...) throws -> String {
        let folder = Workplace.repository.appendingPathComponent("docs").path
        return try Python.run(Self.start + code, folder, arguments.first ?? "")
    }

    /// Each is a pipeline that is not fitted yet, and a part of the message.
    @Test func whatCannotBeReproducedIsRefusedWithItsReason() throws {
        let found = try run(
            """
            cases = [
                (TfidfVectorizer(tokenizer=str.split, token_pattern=None), LogisticRegression(), "tokenizer is a function"),
                (TfidfVectorizer(preprocessor=str.lower), LogisticRegression(), "preprocessor is a function"),
                (TfidfVectorizer(analyzer=str.split), LogisticRegression(), "analyzer is a function"),
                (TfidfVectorizer(analyzer="char"), LogisticRegression(), "analyzer is 'char'"),
                (TfidfVectorizer(strip_accents="unicode"), LogisticRegression(), "strip_accents is 'unicode'"),
                (TfidfVectorizer(token_pattern="[a-z]+"), LogisticRegression(), "token_pattern is '[a-z]+'"),
                (CountVectorizer(analyzer="char_wb", ngram_range=(1, 9)), LogisticRegression(), "ngram_range is (1, 9)"),
                (HashingVectorizer(), LogisticRegression(), "read by HashingVectorizer"),
                (TfidfVectorizer(), RandomForestClassifier(), "The classifier is RandomForestClassifier"),
                (make_pipeline(TfidfVectorizer(), TruncatedSVD(2)), LogisticRegression(), "The step TruncatedSVD"),
                (make_pipeline(TfidfVectorizer(), TfidfTransformer()), LogisticRegression(), "already weighted"),
                (TfidfVectorizer(), SGDClassifier(loss="log_loss"), "other probabilities than a softmax"),
                (TfidfVectorizer(), BernoulliNB(binarize=0.1), "binarize is 0.1"),
                (FeatureUnion([("a", TfidfVectorizer()), ("b", CountVectorizer(lowercase=False))]), LinearSVC(), "lowercase"),
                (FeatureUnion([("a", TfidfVectorizer()), ("b", CountVectorizer(stop_words=["so"]))]), LinearSVC(), "stop_words"),
            ]
            for first, last, reason in cases:
                try:
                    pinson_export.export(make_pipeline(first, last).fit(x, y), "/nowhere/model.npz")
                    print("no error for", reason)
                except pinson_export.NotSupported as error:
                    if reason not in str(error): print(reason, "is not in", error)
            for model, reason in [(make_pipeline(TfidfVectorizer(), LinearSVC()), "not fitted"), (LinearSVC(), "expected a Pipeline")]:
                try: pinson_export.export(model, "/nowhere/model.npz")
                except pinson_export.NotSupported as error:
                    if reason not in str(error): print(reason, "is not in", error)
            print("all refused")
            """)
        #expect(found == "all refused\n")
    }

    @Test func aVectorizerAndAClassifierInTwoFilesGiveTheFileOfTheirPipeline() throws {
        try Workplace.withFolder { folder in
            let made = try run(
                """
                import joblib, os
                os.chdir(sys.argv[2])
                model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(x, y)
                pinson_export.export(model, "one.npz")
                for name, part in [("v.pkl", model[0]), ("c.joblib", model[1]), ("p.joblib", model)]: joblib.dump(part, name)
                """, folder.path)
            #expect(made == "")
            func export(_ output: String, _ inputs: String...) throws -> String {
                try Python.run(
                    """
                    import os, subprocess, sys
                    os.chdir(sys.argv[2])
                    done = subprocess.run([sys.executable, sys.argv[1], *sys.argv[4:], "-o", sys.argv[3]],
                        capture_output=True, text=True)
                    print(done.returncode, done.stdout + done.stderr, end="")
                    """, Self.script, folder.path, output, inputs.first ?? "", inputs.last ?? "")
            }
            #expect(
                try export("two.npz", "v.pkl", "c.joblib").hasPrefix("0 two.npz: pack it with `pinson pack two.npz"))
            let files = try ["one.npz", "two.npz"].map { try Data(contentsOf: folder.appendingPathComponent($0)) }
            #expect(files[0] == files[1])
            #expect(try export("x.npz", "p.joblib", "c.joblib").hasPrefix("1 p.joblib c.joblib: "))
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("x.npz").path))
        }
    }
}

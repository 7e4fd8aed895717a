import Fixtures
import Foundation
import Testing

@testable import function

/// The client of Hugging Face, against a running function.
@Suite(.enabled(if: Python.has("huggingface_hub"), "needs the Python packages of `make test`"))
struct HuggingFaceClientTests {
    @Test func itsAnswersAreThoseOfTheFunction() throws {
        try RunningFunction.with { function in
            let script = """
                import json, sys, urllib.request
                from huggingface_hub import InferenceClient

                base = sys.argv[1]
                text = "late flight"

                def raw(body):
                    request = urllib.request.Request(base + "/predict", json.dumps(body).encode())
                    return json.load(urllib.request.urlopen(request))

                def pairs(labels):
                    return [(label["label"], label["score"]) for label in labels]

                for address in (base, base + "/", base + "/predict"):
                    client = InferenceClient(base_url=address)
                    assert pairs(client.text_classification(text)) == pairs(raw({"inputs": text}))
                    assert pairs(client.text_classification(text, top_k=1)) == pairs(raw({"inputs": text}))[:1]
                    assert pairs(client.text_classification(text, function_to_apply="none")) == pairs(
                        raw({"inputs": text, "raw_scores": True}))
                    sigmoid = client.text_classification(text, function_to_apply="sigmoid")
                    assert sorted(label.label for label in sigmoid) == ["negative", "neutral", "positive"]
                try:
                    client.text_classification("")
                except Exception as error:
                    assert "'inputs' is empty, expected a text to classify." in str(error), error
                    print("done")
                """
            let output = try Python.run(script, "http://127.0.0.1:\(function.server.port)")
            #expect(output == "done\n")
        }
    }

    /// The example of the contract works as it stands.
    @Test func theExampleOfTheContractWorks() throws {
        let page = try String(
            contentsOf: Workplace.repository.appendingPathComponent("function/README.md"), encoding: .utf8)
        let match = try #require(page.firstMatch(of: /```python\n(?<code>[^`]*)```/))
        try RunningFunction.with { function in
            let lines = match.code.replacing("localhost:8080", with: "127.0.0.1:\(function.server.port)")
                .split(separator: "\n").map(String.init)
            let script = lines.dropLast().joined(separator: "\n") + "\nprint(len(\(lines.last ?? "")))"
            let output = try Python.run(script)
            #expect(output == "1\n")
        }
    }
}

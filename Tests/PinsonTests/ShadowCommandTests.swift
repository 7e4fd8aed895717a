import Fixtures
import Foundation
import Testing

/// `pinson compare --shadow` reads what a function has counted.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ShadowCommandTests {
    private let metrics = #"""
        # TYPE pinson_predict_seconds histogram
        pinson_predict_seconds_bucket{le="+Inf"} 1000 # {trace_id="a",span_id="b"} 0.002 1790000000.0
        pinson_predict_seconds_sum 2
        pinson_predict_seconds_count 1000
        pinson_info{model="first \"1\"",version="0.1.0"} 1
        pinson_shadow_info{model="second"} 1
        pinson_shadow_texts_total{result="agreed"} 950
        pinson_shadow_texts_total{result="disagreed"} 50
        pinson_shadow_texts_total{result="dropped"} 7
        pinson_shadow_disagreements_total{label="negative",shadow="positive"} 20
        pinson_shadow_disagreements_total{label="positive",shadow="negative"} 30
        pinson_shadow_score_difference_sum 25
        pinson_shadow_score_difference_count 1000
        pinson_shadow_seconds_sum 3
        pinson_shadow_seconds_count 1000
        """#

    private func pinson(_ arguments: String..., input: String = "") throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), ["compare"] + arguments, input: input)
    }

    @Test("The shares, the differences and the times are printed")
    func text() throws {
        let result = try pinson("--shadow", "-", input: metrics)
        #expect(result.status == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines.starts(with: [
                #"second beside first "1", which answers"#, "texts compared 1,000", "not compared 7",
                "different labels 50", "their share 5.00 % (3.81 % to 6.53 %)", "positive → negative 30",
                "negative → positive 20", "mean score difference 0.0250", "shadow, mean per text 3.00 ms",
                "answer, mean per request 2.00 ms",
            ]), "\(lines)")
    }

    @Test("Programs get JSON, also from a file")
    func json() throws {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("metrics.txt")
            try Data(metrics.utf8).write(to: file)
            let result = try pinson("--shadow", file.path, "--json")
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(json["compared"] as? Int == 1000 && json["disagreement_share"] as? Double == 0.05)
            #expect(json["mean_shadow_seconds"] as? Double == 0.003 && json["dropped"] as? Int == 7)
            #expect((json["disagreements"] as? [[String: Any]])?.first?["texts"] as? Int == 30)
        }
    }

    @Test("Metrics without a shadow model, missing files and wrong usage are errors")
    func errors() throws {
        let none = try pinson("--shadow", "-", input: "pinson_info{model=\"a\"} 1\n{{{=\"\\\n")
        #expect(none.status == 2 && none.error.contains("standard input: there are no metrics of a shadow model."))
        let missing = try pinson("--shadow", "/nowhere")
        #expect(missing.status == 2 && missing.error.contains("/nowhere: the file does not exist"))
        let both = try pinson("a.gguf", "b.gguf", "--shadow", "-")
        #expect(both.status == 2 && both.error.contains("Leave out the models"))
        let incomplete = try pinson("a.gguf", "b.gguf")
        #expect(incomplete.status == 2 && incomplete.error.contains("Missing expected argument '--data <file>'"))
    }
}

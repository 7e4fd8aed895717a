import Fixtures
import Foundation
import Testing

/// `check` and `targets` as a user sees them.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct CheckCommandTests {
    private func limits(
        _ folder: URL, _ measure: String, max: Int, enforced: String = "hard"
    ) throws -> String {
        let file = folder.appendingPathComponent("own.json")
        let json = """
            {"schema":1,"targets":[{"name":"attic","title":"The attic","limits":[
             {"of":"\(measure)","max":\(max),"enforced":"\(enforced)","confidence":"A","asOf":"today","source":"the landlord","note":"It is small."}]}]}
            """
        try Data(json.utf8).write(to: file)
        return file.path
    }

    @Test func theDefaultModelFitsEverywhere() throws {
        for subject in [Images.model] {
            let result = try Images.pinson("check", subject)
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("cloud-run-gen1"))
        }
    }

    @Test func memoryIsMeasuredByRunningTheFunction() throws {
        try Images.withImage { tar, _ in
            let json = try Images.pinson("check", tar, "--target", "cloud-run", "--format", "json")
            let report = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let measured = try #require(report["measurement"] as? [String: Any])
            let numbers = try #require(measured["numbers"] as? [String: Double])
            let model = try FileManager.default.attributesOfItem(atPath: Images.model)[.size] as? Double ?? 0
            #expect(numbers["resident"].map { (10_000_000...model + 80_000_000).contains($0) } == true)
            #expect(numbers["resident-idle"].map { (10_000_000...model + 20_000_000).contains($0) } == true)
            #expect(numbers["start-up"].map { (0.0005...60).contains($0) } == true)
            #expect(
                numbers["unpacked"] == model
                    + (try FileManager.default.attributesOfItem(atPath: Workplace.binary("function").path)[.size]
                        as? Double ?? 0))
            #expect((measured["remarks"] as? [String: String])?["resident"] == nil)
        }
    }

    @Test func anEstimateSaysThatItIsOne() throws {
        let result = try Images.pinson("check", Images.model, "--target", "railway", "--estimate")
        #expect(result.status == 0)
        #expect(
            result.output.contains(
                "(estimated as the size of the model file plus 80 MB, because --estimate was given)")
        )
    }

    @Test func aProgramFromElsewhereIsNotRun() throws {
        try Workplace.withFolder { folder in
            // The same program with one more byte. It has another digest, but it would run.
            let other = folder.appendingPathComponent("other")
            try (Data(contentsOf: Workplace.binary("function")) + [0]).write(to: other)
            let tar = folder.appendingPathComponent("image.tar").path
            #expect(
                try Images.pinson("image", "build", "--model", Images.model, "--program", other.path, "-o", tar).status
                    == 0)
            let careful = try Images.pinson("check", tar, "--target", "railway")
            #expect(careful.output.contains("its program is not the one next to pinson. Use --run to run it anyway"))
            let told = try Images.pinson("check", tar, "--target", "railway", "--run")
            #expect(told.status == 0)
            #expect(!told.output.contains("estimated"))
        }
    }

    @Test func anExceededLimitIsExitCodeOneInEveryFormat() throws {
        try Images.withImage { tar, folder in
            let own = try limits(folder, "unpacked", max: 30_000_000)
            let summary = folder.appendingPathComponent("summary.md")
            for (format, mark) in [
                ("text", "FAIL unpacked"), ("json", #""status" : "violation""#), ("junit", "<failure"),
                ("sarif", #""level" : "error""#),
                ("github", "::error title=pinson check%3A attic::The unpacked size is"),
            ] {
                let result = try Images.pinson(
                    "check", tar, "--limits", own, "--target", "attic", "--format", format,
                    environment: ["GITHUB_STEP_SUMMARY": summary.path])
                #expect(result.status == 1, "\(format)")
                #expect(result.output.contains(mark), "\(format): \(result.output)")
                #expect(result.output.contains("The largest file is /model/model.gguf") || format == "sarif")
            }
            #expect(try String(contentsOf: summary, encoding: .utf8).contains("| ❌ | attic | unpacked size |"))
        }
    }

    @Test func aValueThatCannotBeMeasuredIsExitCodeThree() throws {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            #expect(try Images.pinson("image", "build", "--without-model", "-o", tar).status == 0)
            let result = try Images.pinson(
                "check", tar, "--limits", try limits(folder, "resident", max: 1), "--target", "attic")
            #expect(result.status == 3)
            #expect(result.output.contains("the image contains no model"))
        }
    }

    @Test func strictFailsOnAWarningInEveryFormat() throws {
        try Images.withImage { tar, folder in
            let own = try limits(folder, "unpacked", max: 30_000_000, enforced: "advice")
            let careful = try Images.pinson("check", tar, "--limits", own, "--target", "attic")
            #expect(careful.status == 0)
            #expect(careful.output.contains("warn unpacked"))
            for (format, mark) in [
                ("text", "FAIL unpacked"), ("json", #""status" : "violation""#), ("junit", "<failure"),
                ("sarif", #""level" : "error""#),
                ("github", "::error title=pinson check%3A attic::The unpacked size is"),
            ] {
                let result = try Images.pinson(
                    "check", tar, "--limits", own, "--target", "attic", "--strict", "--format", format,
                    environment: ["GITHUB_STEP_SUMMARY": folder.appendingPathComponent("summary.md").path])
                #expect(result.status == 1, "\(format)")
                #expect(result.output.contains(mark), "\(format): \(result.output)")
                #expect(result.output.contains("but --strict makes the check fail."), "\(format): \(result.output)")
            }
        }
    }

    @Test func aBudgetIsCheckedAloneOrNextToTargets() throws {
        /// The exit code, and the targets of the report.
        func check(_ arguments: String...) throws -> String {
            let result = try Program.run(
                Workplace.binary("pinson"), ["check", Images.model, "--format", "json"] + arguments)
            let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            let findings = try #require(report?["findings"] as? [[String: Any]])
            let targets = Set(findings.compactMap { $0["target"] as? String })
            return "\(result.status): \(targets.sorted().joined(separator: " "))"
        }
        let generous = "compressed=900MB,unpacked=1GB,resident=512MiB,start-up=240s"
        #expect(try check("--budget", generous) == "0: budget")
        #expect(try check("--budget", generous, "--target", "ghcr") == "0: budget ghcr")
        #expect(try check("--budget", "unpacked=1kB") == "1: budget")
        // A budget that is given in two parts counts as a whole.
        #expect(try check("--budget", "unpacked=1kB", "--budget", "compressed=900MB") == "1: budget")
        #expect(try check("--budget", "start-up=1s", "--estimate") == "3: budget")
    }

    @Test(arguments: [
        ("weight=3MB", "'weight' is not a metric that a budget can limit"),
        ("compressed=3XB", "'XB' is not a unit of compressed"), ("compressed=-1MB", "'-1MB' is out of range"),
        ("", "it is not a limit"),
    ])
    func anInvalidBudgetIsExitCodeTwo(budget: String, reason: String) throws {
        let result = try Images.pinson("check", Images.model, "--budget", budget)
        #expect(result.status == 2)
        #expect(result.error.contains("--budget '\(budget)': \(reason)"), "\(result.error)")
    }

    @Test func theSameImageHasNotGrown() throws {
        try Images.withImage { tar, folder in
            let baseline = folder.appendingPathComponent("baseline.json")
            try Data(try Images.pinson("check", tar, "--target", "ghcr", "--format", "json").output.utf8).write(
                to: baseline)
            for growth in [[], ["--max-growth", "0"], ["--max-growth", "5"], ["--max-growth", "5%"]] {
                let again = try Program.run(
                    Workplace.binary("pinson"),
                    ["check", tar, "--target", "ghcr", "--baseline", baseline.path] + growth)
                #expect(again.status == 0, "\(growth): \(again.output)")
            }
            let wrong = try Images.pinson("check", tar, "--baseline", baseline.path, "--max-growth", "much")
            #expect(wrong.status == 2)
            #expect(wrong.error.contains("expected a percentage such as 5%"))
        }
    }

    @Test func growthIsComparedWithABaseline() throws {
        try Images.withImage { tar, folder in
            let baseline = folder.appendingPathComponent("baseline.json")
            try Data(try Images.pinson("check", tar, "--target", "ghcr", "--format", "json").output.utf8).write(
                to: baseline)
            let same = try Images.pinson(
                "check", tar, "--target", "ghcr", "--baseline", baseline.path, "--max-growth", "5%")
            #expect(same.status == 0, "\(same.output)")
            let more = folder.appendingPathComponent("more.tar").path
            _ = try Images.pinson(
                "image", "build", "--model", Images.model, "--add", "\(Workplace.binary("function").path):/second",
                "-o",
                more)
            let grown = try Images.pinson(
                "check", more, "--target", "ghcr", "--baseline", baseline.path, "--max-growth", "5%")
            #expect(grown.status == 1)
            #expect(grown.output.contains("The file that grew most is /second"))
        }
    }

    @Test func forAFloat32ModelTheSavingOfQuantizationIsReported() throws {
        try Workplace.withFolder { folder in
            let own = try limits(folder, "file-in-git", max: 1)
            let plain = try Images.pinson("check", Images.model, "--limits", own, "--target", "attic")
            #expect(plain.status == 1)
            #expect(plain.output.contains("Pack a smaller model"))
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("float32.gguf").path
            _ = try Images.pinson("pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32", "--bits", "32")
            let told = try Images.pinson("check", model, "--limits", own, "--target", "attic")
            #expect(told.output.contains("Packing the model with --bits 8 saves"), "\(told.output)")
        }
    }

    @Test func everyTargetIsListed() throws {
        let text = try Images.pinson("targets")
        #expect(text.status == 0)
        #expect(text.output.contains("nas  A small NAS"))
        let json = try Images.pinson("targets", "--json")
        #expect(json.output.contains(#""name" : "cloud-run""#))
    }

    @Test func aModelThatTheFunctionCannotServeIsNamedByItsPath() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.encoder, in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("encoder.gguf").path
            _ = try Images.pinson("pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32")
            let encoder = try Images.pinson("check", model, "--target", "cloud-run")
            #expect(encoder.status == 2)
            #expect(encoder.error.hasPrefix("pinson: \(model): is a sentence encoder"), "\(encoder.error)")

            let cut = folder.appendingPathComponent("cut.gguf")
            try Data(contentsOf: URL(fileURLWithPath: Images.model)).prefix(100_000).write(to: cut)
            let tar = folder.appendingPathComponent("image.tar").path
            _ = try Images.pinson(
                "image", "build", "--without-model", "--add", "\(cut.path):/model/model.gguf", "-o", tar)
            for subject in [cut.path, tar] {
                let result = try Images.pinson("check", subject, "--target", "cloud-run")
                #expect(result.status == 2)
                #expect(result.error.hasPrefix("pinson: \(subject): "), "\(result.error)")
            }
        }
    }
}

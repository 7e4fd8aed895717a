import Fixtures
import Foundation
import Testing

/// `check` finds what a template needs and an image lacks.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct CheckRequirementTests {
    @Test func onlyAnImageWithTheProgramOfAJobIsComparedWithJobsUnlessAskedFor() throws {
        try Images.withImage { tar, folder in
            let plain = try Images.pinson("check", tar, "--estimate")
            #expect(!plain.output.contains("-job"), "\(plain.output)")
            let asked = try Images.pinson("check", tar, "--estimate", "--target", "kubernetes-job")
            #expect(asked.status == 1)
            #expect(
                asked.output.contains("fails kubernetes-job because the file /pinson is missing."), "\(asked.output)")
            let complete = folder.appendingPathComponent("complete.tar").path
            _ = try Images.pinson(
                "image", "build", "--model", Images.model, "--add", "\(Workplace.binary("pinson").path):/pinson", "-o",
                complete)
            let jobs = try Images.pinson("check", complete, "--estimate")
            #expect(jobs.output.contains("ok   kubernetes-job "), "\(jobs.output)")
        }
    }

    /// Lambda does not send HTTP requests, so a program must use its runtime API, or an adapter must.
    @Test func onLambdaAProgramMustSpeakTheRuntimeAPIOrHaveAnAdapter() throws {
        try Workplace.withFolder { folder in
            // A program that speaks only HTTP: the function without the name of the variable.
            var bytes = try Data(contentsOf: Workplace.binary("function"))
            while let name = bytes.range(of: Data("AWS_LAMBDA_RUNTIME_API".utf8)) {
                bytes.replaceSubrange(name, with: Data("AWS_LAMBDA_RUNTIME_IPA".utf8))
            }
            let program = folder.appendingPathComponent("http-only")
            try bytes.write(to: program)
            let tar = folder.appendingPathComponent("image.tar").path
            func check(_ build: String..., options: String...) throws -> Program.Result {
                let built = try Program.run(
                    Workplace.binary("pinson"),
                    ["image", "build", "--target", "lambda", "--model", Images.model, "-o", tar] + build)
                #expect(built.status == 0, "\(built.error)")
                return try Program.run(
                    Workplace.binary("pinson"), ["check", tar, "--target", "lambda", "-v", "--estimate"] + options)
            }
            let ours = try check()
            #expect(ours.output.contains("ok   protocol"), "\(ours.output)")
            let silent = try check("--program", program.path, options: "--program", program.path)
            #expect(silent.status == 1 && silent.output.contains("The protocol lambda is missing."), "\(silent.output)")
            let unknown = try check("--program", program.path)
            #expect(unknown.output.contains("???? protocol"), "\(unknown.output)")
            let adapted = try check(
                "--program", program.path, "--add", "\(program.path):/opt/extensions/lambda-adapter")
            #expect(adapted.output.contains("ok   protocol"), "\(adapted.output)")
        }
    }
}

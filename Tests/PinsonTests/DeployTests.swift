import Fixtures
import Foundation
import Testing

/// `deploy` as a user sees it.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct DeployTests {
    @Test func aPlatformsFileIsFilledFromTheImage() throws {
        try Images.withImage { tar, folder in
            let output = folder.appendingPathComponent("service.yaml").path
            let result = try Images.pinson(
                "deploy", "cloud-run", tar, "--reference", "europe-docker.pkg.dev/p/r/pinson:1", "--set", "NAME=tweets",
                "--estimate",
                "-o", output)
            #expect(result.status == 0, "\(result.error)")
            let text = try String(contentsOfFile: output, encoding: .utf8)
            let digest = try Images.pinson(
                "image", "build", "--model", Images.model, "-o", tar, "--tag", "localhost/pinson:1"
            )
            .output
            #expect(text.contains("image: europe-docker.pkg.dev/p/r/pinson@\(digest)"))
            #expect(text.contains("name: tweets"))
            #expect(text.contains("memory: 512Mi"))
            #expect(text.contains("containerPort: 8080"))
            #expect(text.contains("/health/ready"))
        }
    }

    @Test func aMountedModelIsMeasuredFromItsFile() throws {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            _ = try Images.pinson("image", "build", "--without-model", "-o", tar)
            let arguments = [
                "deploy", "cloud-run-volume", tar, "--reference", "docker.io/a/b:1", "--set", "BUCKET=models",
                "--estimate",
            ]
            let without = try Program.run(Workplace.binary("pinson"), arguments)
            #expect(without.status == 2)
            #expect(without.error.contains("--model"))
            let with = try Program.run(Workplace.binary("pinson"), arguments + ["--model", Images.model])
            #expect(with.status == 0, "\(with.error)")
            #expect(with.output.contains("bucketName: models"))
        }
    }

    @Test(arguments: ["cloud-run-job", "kubernetes-job"])
    func aJobNeedsItsProgramInTheImage(template: String) throws {
        try Images.withImage { tar, folder in
            let arguments = ["--reference", "a/b:1", "--estimate", "--set", "TASKS=2"]
            let bucket = template == "cloud-run-job" ? ["--set", "BUCKET=b"] : []
            func deploy(_ image: String) throws -> Program.Result {
                try Program.run(Workplace.binary("pinson"), ["deploy", template, image] + arguments + bucket)
            }
            let without = try deploy(tar)
            #expect(without.status == 1 && without.output.isEmpty)
            #expect(without.error.contains("The file /pinson is missing."), "\(without.error)")
            let complete = folder.appendingPathComponent("complete.tar").path
            _ = try Images.pinson(
                "image", "build", "--model", Images.model, "--add", "\(Workplace.binary("pinson").path):/pinson", "-o",
                complete)
            let result = try deploy(complete)
            #expect(result.status == 0, "\(result.error)")
        }
    }

    @Test func missingValuesAreNamed() throws {
        try Images.withImage { tar, _ in
            let missing = try Images.pinson("deploy", "cloud-run-volume", tar, "--reference", "a/b:1", "--estimate")
            #expect(missing.status == 2)
            #expect(missing.error.contains("--set BUCKET="))
            let local = try Images.pinson("deploy", "cloud-run", tar, "--estimate")
            #expect(local.status == 2)
            #expect(local.error.contains("--reference"))
            let unknown = try Images.pinson(
                "deploy", "cloud-run", tar, "--reference", "a/b:1", "--set", "REGIN=x", "--estimate")
            #expect(unknown.status == 2)
            #expect(unknown.error.contains("service.yaml has no variable with this name"))
        }
    }
}

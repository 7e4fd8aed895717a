import Fixtures
import Foundation
import Testing

/// `image` as a user sees it.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ImageBuildTests {
    @Test func theDigestIsTheSameInAnotherFolderTimeZoneUmaskAndLocale() throws {
        try Workplace.withFolder { folder in
            let shell = try #require(Program.find("bash"))
            var digests: Set<String> = []
            for (index, surroundings) in [
                "umask 022; export TZ=UTC LC_ALL=C",
                "umask 077; export TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8 HOME=/nowhere USER=else",
            ].enumerated() {
                let work = folder.appendingPathComponent("folder \(index)")
                try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    atPath: Images.model, toPath: work.appendingPathComponent("m.gguf").path)
                let result = try Program.run(
                    shell,
                    [
                        "-c",
                        "\(surroundings); cd '\(work.path)'; '\(Workplace.binary("pinson").path)' image build --model m.gguf -o image.tar",
                    ])
                #expect(result.status == 0, "\(result.error)")
                digests.insert(result.output)
                digests.insert(try fileDigest(work.appendingPathComponent("image.tar").path))
            }
            #expect(digests.count == 2, "one of the image, one of the tar: \(digests)")
        }
    }

    private func fileDigest(_ path: String) throws -> String {
        String(try Program.run(try #require(Program.find("sha256sum")), [path]).output.prefix(64))
    }

    @Test func withoutTheModelAnImageHasAtMost16Megabytes() throws {
        try Images.withImage { tar, _ in
            let size = try FileManager.default.attributesOfItem(atPath: tar)[.size] as? Int
            let model = try FileManager.default.attributesOfItem(atPath: Images.model)[.size] as? Int
            #expect(try #require(size) - #require(model) <= 16_000_000)
        }
    }

    @Test func aTarAFolderAndStandardOutputHoldTheSameImage() throws {
        try Images.withImage { tar, folder in
            let layout = folder.appendingPathComponent("layout").path
            let built = try Images.pinson(
                "image", "build", "--model", Images.model, "-o", layout + "/", "--tag", "localhost/pinson:1")
            let shell = try #require(Program.find("bash"))
            let piped = folder.appendingPathComponent("piped.tar").path
            _ = try Program.run(
                shell,
                [
                    "-c",
                    "'\(Workplace.binary("pinson").path)' image build --model '\(Images.model)' -o - --tag localhost/pinson:1 > '\(piped)'",
                ])
            #expect(try fileDigest(piped) == fileDigest(tar))
            for image in [tar, layout, "\(layout):localhost/pinson:1", piped] {
                let shown = try Images.pinson("image", "inspect", image, "--verify")
                #expect(shown.status == 0, "\(shown.error)")
                #expect(shown.output.contains(built.output.trimmingCharacters(in: .newlines)), "\(image)")
            }
            #expect(try Images.pinson("inspect", tar).output.contains("/model/model.gguf"))
            #expect(
                FileManager.default.fileExists(atPath: "\(layout)/\(built.output.dropFirst(7).prefix(64)).spdx.json"))
        }
    }

    @Test func forLambdaEveryLayerIsCompressed() throws {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            let built = try Images.pinson("image", "build", "--model", Images.model, "-o", tar, "--target", "lambda")
            #expect(built.status == 0, "\(built.error)")
            let checked = try Images.pinson("check", tar, "--target", "lambda")
            #expect(checked.status == 0)
            #expect(!checked.output.contains("warn"), "\(checked.output)")
        }
    }

    @Test func aModelOfAGigabyteTakesNoMoreThan64MegabytesOfMemory() throws {
        try Workplace.withFolder { folder in
            let big = folder.appendingPathComponent("big").path
            try Data().write(to: URL(fileURLWithPath: big))
            #expect(truncate(big, 1 << 30) == 0)
            let script = """
                import resource, subprocess, sys
                status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
                print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            let arguments = [
                "image", "build", "--without-model", "--compression", "none", "--add", "\(big):/model/model.gguf", "-o",
                folder.appendingPathComponent("image.tar").path,
            ]
            let output = try Program.run(
                try #require(Program.find("python3")), ["-c", script, Workplace.binary("pinson").path] + arguments
            ).output.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            try #require(output.count == 2 && output[0] == 0)
            #expect(output[1] <= 64 << 10, "KiB at the peak")
        }
    }

    @Test(arguments: [
        (["image", "build", "-o", "x.tar"], "Give either '--model <model.gguf>' or '--without-model'"),
        (["image", "build", "--model", "/nowhere.gguf", "-o", "x.tar"], "/nowhere.gguf"),
        (["image", "build", "--without-model", "--program", "/bin/sh", "-o", "x.tar"], "libc.so"),
        (
            ["image", "build", "--without-model", "--program", "/etc/hostname", "-o", "x.tar"],
            "which is too short for a program"
        ),
        (["image", "build", "--without-model", "-o", "/nowhere/x.tar"], "/nowhere/x.tar: cannot create the file"),
        (["image", "build", "--without-model", "-o", "x.tar", "--tag", "UPPER"], "'UPPER'"),
        (["image", "build", "--without-model", "-o", "x.tar", "--compression", "zstd"], "expected gzip or none"),
        (
            ["image", "build", "--without-model", "-o", "x.tar", "--add", "a"],
            "The value 'a' is invalid for '--add <file:/path>': expected FILE:/PATH"
        ),
        (
            ["image", "build", "--without-model", "-o", "x.tar", "--label", "a"],
            "The value 'a' is invalid for '--label': expected KEY=VALUE"
        ),
        (["image", "build", "--without-model", "-o", "x.tar", "--target", "moon"], "'moon': no such target"),
        (["image", "inspect", "/nowhere.tar"], "there is no such file or folder"),
        (["image", "inspect", "/etc/hostname"], "the blocks that end a tar are missing"),
        (["image", "push", "/etc", "localhost/x"], "/etc/index.json"),
        (["check", "/nowhere.gguf"], "/nowhere.gguf"),
        (["check", "/etc/hostname"], "the blocks that end a tar are missing"),
        (["check", "x.gguf", "--target", "moon"], "'moon': no such target"),
        (["check", "x.gguf", "--max-growth", "five"], "expected a percentage such as 5%"),
        (["check", "x.gguf", "--max-growth", "5%"], "'--max-growth' needs '--baseline <file>'"),
        (["deploy", "moon", "x.tar"], "'moon': no such deployment template"),
    ])
    func wrongUsageIsExitCodeTwoWithTheReason(arguments: [String], message: String) throws {
        try Workplace.withFolder { folder in
            let result = try Program.run(
                try #require(Program.find("bash")),
                ["-c", "cd '\(folder.path)' && exec '\(Workplace.binary("pinson").path)' \"$@\"", "pinson"] + arguments)
            #expect(result.status == 2)
            #expect(result.output.isEmpty)
            #expect(result.error.contains(message), "\(result.error)")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.isEmpty)
        }
    }

    @Test func aModelWithoutLabelsIsRefusedBecauseTheFunctionCannotServeIt() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.encoder, in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("encoder.gguf").path
            let packed = try Images.pinson("pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32")
            #expect(packed.status == 0, "\(packed.error)")
            let image = folder.appendingPathComponent("image.tar").path
            let built = try Images.pinson("image", "build", "--model", model, "-o", image)
            #expect(built.status == 2)
            #expect(built.output.isEmpty)
            #expect(built.error.contains("encoder.gguf: is a sentence encoder, which has no labels"), "\(built.error)")
            #expect(!FileManager.default.fileExists(atPath: image))
        }
    }

    @Test func anEpochThatIsNotANumberIsRefused() throws {
        let result = try Images.pinson(
            "image", "build", "--without-model", "-o", "/tmp/x.tar", environment: ["SOURCE_DATE_EPOCH": "yesterday"])
        #expect(result.status == 2)
        #expect(result.error.contains("The environment variable SOURCE_DATE_EPOCH is 'yesterday'"))
    }

    @Test func aRegistryThatIsNotThereIsExitCodeThree() throws {
        try Images.withImage { tar, _ in
            let result = try Images.pinson("image", "push", tar, "localhost:1/pinson:1")
            #expect(result.status == 3)
            #expect(result.error.contains("localhost:1"))
            #expect(result.output.isEmpty)
        }
    }

    @Test func theBillOfMaterialsNamesTheFilesByTheirDigests() throws {
        try Workplace.withFolder { folder in
            let sbom = folder.appendingPathComponent("sbom.json")
            let built = try Images.pinson(
                "image", "build", "--model", Images.model, "-o", folder.appendingPathComponent("i.tar").path, "--sbom",
                sbom.path,
                "--tag", "localhost:5000/team/pinson:v1")
            #expect(built.status == 0, "\(built.error)")
            let text = try String(contentsOf: sbom, encoding: .utf8)
            #expect(text.contains(try fileDigest(Images.model)))
            #expect(text.contains(try fileDigest(Workplace.binary("function").path)))
            #expect(text.contains("localhost:5000/team/pinson"))
            #expect(text.contains("swift-nio"))
        }
    }
}

import Fixtures
import Foundation
import Testing

/// The README: its commands work, and print what it shows.
@Suite struct ReadmeTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Workplace.repository.appendingPathComponent(path), encoding: .utf8)
    }

    /// The lines of the shell blocks of a page, without their comments.
    private func commands(of page: String = "README.md") throws -> [String] {
        var isShell = false
        return try text(page).split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            if line.hasPrefix("```") {
                isShell = line == "```sh"
                return nil
            }
            return isShell ? String(line.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces) : nil
        }
    }

    @Test(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
    func everyCommandWorksInItsOrder() throws {
        let shell = try #require(Program.find("bash"))
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let tweets = folder.appendingPathComponent("tweets.csv")
            try Data(TrainTests.csv(60, classes: 2, seed: 1).utf8).write(to: tweets)
            let commands = try commands().filter { $0.hasPrefix("dist/pinson ") && !$0.contains("REGISTRY") }
            #expect(commands.count == 17)
            let reports = folder.appendingPathComponent("reports")
            try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
            for command in commands {
                let line =
                    command
                    .replacing("CHECKPOINT", with: checkpoint.folder.path + " --max-tokens 64")
                    .replacing("MODEL.gguf", with: folder.appendingPathComponent("model.gguf").path)
                    .replacing("TRAINED.gguf", with: folder.appendingPathComponent("trained.gguf").path)
                    .replacing("SMALL.gguf", with: folder.appendingPathComponent("small.gguf").path)
                    .replacing("TWEETS.csv", with: tweets.path)
                    .replacing("REPORTS", with: reports.path)
                    .replacing("--tag IMAGE", with: "--tag localhost/image")
                    .replacing("IMAGE.tar", with: folder.appendingPathComponent("image.tar").path)
                let result = try Program.run(shell, ["-c", "cd '\(Workplace.repository.path)' && \(line)"])
                #expect(result.status == 0, "\(line)\n\(result.error)")
                #expect(!result.output.isEmpty, "\(line)")
            }
        }
    }

    @Test(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
    func everyCommandOfThePageAboutTrainingWorks() throws {
        let shell = try #require(Program.find("bash"))
        try Workplace.withFolder { folder in
            let tweets = folder.appendingPathComponent("TWEETS.csv")
            try Data(TrainTests.csv(80, classes: 2, seed: 1).utf8).write(to: tweets)
            try Data(TrainTests.csv(40, classes: 2, seed: 2).utf8).write(to: folder.appendingPathComponent("TEST.csv"))
            let pinson = Workplace.binary("pinson").path
            _ = try Program.run(
                Workplace.binary("pinson"),
                ["train", "bayes", "--data", tweets.path, "-o", folder.appendingPathComponent("OLD.gguf").path])
            let commands = try commands(of: "docs/train.md")
            #expect(commands.count == 13)
            try Data(TrainTests.csv(50, classes: 2, seed: 3).utf8).write(to: folder.appendingPathComponent("MORE.csv"))
            _ = try TinyCheckpoint(in: folder.appendingPathComponent("BASE"))
            for command in commands {
                // The tiny base has two layers.
                let line = command.replacing("dist/pinson", with: "'\(pinson)'")
                    .replacing("--layers 3", with: "--layers 1")
                let result = try Program.run(shell, ["-c", "cd '\(folder.path)' && \(line)"])
                #expect(result.status == 0 && !result.output.isEmpty, "\(line)\n\(result.error)")
            }
            for page in ["data.html", "report.html"] {
                #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(page).path))
            }
        }
    }

    /// The tests of registries are in the room of images; here the commands themselves.
    @Test(.enabled(if: Workplace.hasBinaries && Program.find("docker-registry") != nil, "needs docker-registry"))
    func whatIsPushedCanBeDeployed() throws {
        let shell = try #require(Program.find("bash"))
        try Workplace.withFolder { folder in
            let registry = try RealRegistry(in: folder)
            defer { registry.stop() }
            let tar = folder.appendingPathComponent("image.tar").path
            let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path
            _ = try Program.run(Workplace.binary("pinson"), ["image", "build", "--model", model, "-o", tar])
            let commands = try commands().filter { $0.contains("REGISTRY") }
            #expect(commands.count == 2)
            for command in commands {
                let line = command.replacing("IMAGE.tar", with: tar).replacing(
                    "REGISTRY/IMAGE", with: "\(registry.host)/image"
                )
                .replacing("service.yaml", with: folder.appendingPathComponent("service.yaml").path)
                let result = try Program.run(shell, ["-c", "cd '\(Workplace.repository.path)' && \(line)"])
                #expect(result.status == 0, "\(line)\n\(result.error)")
            }
            let text = try String(contentsOf: folder.appendingPathComponent("service.yaml"), encoding: .utf8)
            #expect(text.contains("image: \(registry.host)/image@sha256:"))
        }
    }

    /// The text after a command in a `text` block, with every number and every run of spaces or bars made the same.
    private func shape(_ text: String) -> String {
        text.replacing(/[0-9][0-9.,]*/, with: "0").replacing(/[█·▶]+/, with: "█").replacing("< ", with: "")
            .replacing(/[ ]+/, with: " ")
            .split(separator: "\n").joined(separator: "\n")
    }

    @Test(
        .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"),
        arguments: [("README.md", 2), ("docs/ship.md", 1)])
    func theOutputThatAPageShowsIsTheOutputOfTheCommandBefore(page: String, count: Int) throws {
        let pattern = /```sh\n(?<command>dist\/pinson [^\n]*)\n```\s+(?:[^`]*\n\n)?```text\n(?<shown>[^`]*)```/
        let shell = try #require(Program.find("bash"))
        let examples = try text(page).matches(of: pattern)
        #expect(examples.count == count)
        for example in examples {
            let result = try Program.run(shell, ["-c", "cd '\(Workplace.repository.path)' && \(example.command)"])
            #expect(result.status == 0, "\(result.error)")
            #expect(shape(result.output) == shape(String(example.shown)))
        }
    }

    /// The commands that install a release.
    private func installation() throws -> [String] {
        try commands().filter { $0.contains("pinson-linux-x86_64") || $0.contains("SHA256SUMS") }
    }

    @Test(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
    func aReleaseCanBeInstalledAsItSays() throws {
        let shell = try #require(Program.find("bash"))
        try Workplace.withFolder { folder in
            let script = Workplace.repository.appendingPathComponent("container/release-archive")
            let dist = Workplace.repository.appendingPathComponent("dist").path
            let packed = try Program.run(script, [dist, folder.path])
            #expect(packed.status == 0, "\(packed.error)")
            for command in try installation() {
                if command.hasPrefix("curl ") {
                    // The download: the archive of that name must be one that the script makes.
                    let name = try #require(command.split(separator: "/").last)
                    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(String(name)).path))
                    continue
                }
                let result = try Program.run(shell, ["-c", "cd '\(folder.path)' && \(command)"])
                #expect(result.status == 0, "\(command)\n\(result.error)")
            }
            #expect(try installation().count == 5)
        }
        #expect(try text(".github/workflows/release.yml").contains("container/release-archive"))
    }

    @Test func itHasNoOtherCommands() throws {
        let installation = try installation()
        let others = try commands().filter {
            !$0.isEmpty && !$0.hasPrefix("dist/pinson ") && !installation.contains($0)
        }
        #expect(
            others == [
                "make run", "make test", "MODEL_PATH=MODEL.gguf dist/function",
                #"curl -d '{"text":"I love this crew"}' http://localhost:8080/predict"#,
                "MODEL_PATH=MODEL.gguf FEEDBACK_DIR=REPORTS dist/function",
                "ALERT_SLACK_URL=https://hooks.slack.com/services/PATH dist/pinson alerts test",
            ])
        let makefile = try text("Makefile")
        for target in ["run", "test", "build", "format", "lint"] { #expect(makefile.contains("\n\(target):")) }
    }

    @Test func everyFileThatADocumentNamesExists() throws {
        let pages = try FileManager.default.contentsOfDirectory(
            atPath: Workplace.repository.appendingPathComponent("docs").path
        ).filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        for document in pages + [
            "README.md", "SECURITY.md", "function/README.md", "function/model/README.md", "container/README.md",
            "cloudrun/README.md",
        ] {
            let folder = Workplace.repository.appendingPathComponent(document).deletingLastPathComponent()
            for link in try text(document).matches(of: /\]\((?<path>[^)#:]+)\)/) {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appendingPathComponent(String(link.path)).path),
                    "\(link.path)")
            }
            for path in try text(document).matches(of: /`(?<path>(?:Sources|function|Tests)\/[^`\s]+)`/) {
                let url = Workplace.repository.appendingPathComponent(String(path.path))
                #expect(FileManager.default.fileExists(atPath: url.path), "\(path.path)")
            }
        }
    }

    @Test func everyEnvironmentVariableItNamesIsRead() throws {
        let source = try ["function", "Sources/Alerts", "Sources/Telemetry", "Sources/WebClient"].flatMap { folder in
            try FileManager.default.subpathsOfDirectory(
                atPath: Workplace.repository.appendingPathComponent(folder).path
            )
            .filter { $0.hasSuffix(".swift") }.map { try text("\(folder)/\($0)") }
        }
        .joined()
        for name in try text("function/README.md").matches(of: /`(?<name>[A-Z]+(?:_[A-Z]+)+|PORT|CONCURRENCY|THREADS)`/)
        where name.name != "CRITICAL" {
            #expect(source.contains("\"\(name.name)\""), "\(name.name)")
        }
    }
}

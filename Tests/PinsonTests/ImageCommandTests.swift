import Fixtures
import Foundation
import Testing

/// `image`, `check` and `deploy` as a user meets them.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ImageCommandTests {
    private func pinson(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments, environment: environment)
    }

    private static let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path

    /// An image of the embedded model.
    private func withImage<R>(_ body: (_ tar: String, _ folder: URL) throws -> R) throws -> R {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            let built = try pinson("image", "build", "--model", Self.model, "-o", tar, "--tag", "localhost/pinson:1")
            #expect(built.status == 0, "\(built.error)")
            return try body(tar, folder)
        }
    }

    // MARK: - build

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
                try FileManager.default.copyItem(atPath: Self.model, toPath: work.appendingPathComponent("m.gguf").path)
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

    @Test func besideTheModelItWeighsAtMostSixteenMegabytes() throws {
        try withImage { tar, _ in
            let size = try FileManager.default.attributesOfItem(atPath: tar)[.size] as? Int
            let model = try FileManager.default.attributesOfItem(atPath: Self.model)[.size] as? Int
            #expect(try #require(size) - #require(model) <= 16_000_000)
        }
    }

    @Test func aTarAFolderAndStandardOutputHoldTheSameImage() throws {
        try withImage { tar, folder in
            let layout = folder.appendingPathComponent("layout").path
            let built = try pinson(
                "image", "build", "--model", Self.model, "-o", layout + "/", "--tag", "localhost/pinson:1")
            let shell = try #require(Program.find("bash"))
            let piped = folder.appendingPathComponent("piped.tar").path
            _ = try Program.run(
                shell,
                [
                    "-c",
                    "'\(Workplace.binary("pinson").path)' image build --model '\(Self.model)' -o - --tag localhost/pinson:1 > '\(piped)'",
                ])
            #expect(try fileDigest(piped) == fileDigest(tar))
            for image in [tar, layout, "\(layout):localhost/pinson:1", piped] {
                let shown = try pinson("image", "inspect", image, "--verify")
                #expect(shown.status == 0, "\(shown.error)")
                #expect(shown.output.contains(built.output.trimmingCharacters(in: .newlines)), "\(image)")
            }
            #expect(try pinson("inspect", tar).output.contains("/model/model.gguf"))
            #expect(
                FileManager.default.fileExists(atPath: "\(layout)/\(built.output.dropFirst(7).prefix(64)).spdx.json"))
        }
    }

    @Test func forLambdaEveryLayerIsCompressed() throws {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            let built = try pinson("image", "build", "--model", Self.model, "-o", tar, "--target", "lambda")
            #expect(built.status == 0, "\(built.error)")
            let checked = try pinson("check", tar, "--target", "lambda")
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
        (["image", "build", "--without-model", "--binary", "/bin/sh", "-o", "x.tar"], "libc.so"),
        (["image", "build", "--without-model", "--binary", "/etc/hostname", "-o", "x.tar"], "too few for a program"),
        (["image", "build", "--without-model", "-o", "/nowhere/x.tar"], "/nowhere/x.tar: cannot write it"),
        (["image", "build", "--without-model", "-o", "x.tar", "--tag", "UPPER"], "'UPPER'"),
        (["image", "build", "--without-model", "-o", "x.tar", "--compression", "zstd"], "neither gzip nor none"),
        (["image", "build", "--without-model", "-o", "x.tar", "--add", "a"], "'--add a' is not FILE:/PATH"),
        (["image", "build", "--without-model", "-o", "x.tar", "--label", "a"], "'--label a' is not KEY=VALUE"),
        (["image", "build", "--without-model", "-o", "x.tar", "--target", "moon"], "'moon': no such target"),
        (["image", "inspect", "/nowhere.tar"], "there is no such file or folder"),
        (["image", "inspect", "/etc/hostname"], "it is no whole tar"),
        (["image", "push", "/etc", "localhost/x"], "/etc/index.json"),
        (["check", "/nowhere.gguf"], "/nowhere.gguf"), (["check", "/etc/hostname"], "it is no whole tar"),
        (["check", "x.gguf", "--target", "moon"], "'moon': no such target"),
        (["check", "x.gguf", "--max-growth", "5"], "'5' is no percentage"),
        (["check", "x.gguf", "--max-growth", "5%"], "'--max-growth' needs '--baseline <file>'"),
        (["deploy", "moon", "x.tar"], "'moon': no such place to deploy to"),
    ])
    func wrongUsageExitsWithTwoAndSaysWhy(arguments: [String], message: String) throws {
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

    @Test func anEpochThatIsNoneIsRefused() throws {
        let result = try pinson(
            "image", "build", "--without-model", "-o", "/tmp/x.tar", environment: ["SOURCE_DATE_EPOCH": "yesterday"])
        #expect(result.status == 2)
        #expect(result.error.contains("SOURCE_DATE_EPOCH is 'yesterday'"))
    }

    @Test func aRegistryThatIsNotThereIsExitCodeThree() throws {
        try withImage { tar, _ in
            let result = try pinson("image", "push", tar, "localhost:1/pinson:1")
            #expect(result.status == 3)
            #expect(result.error.contains("localhost:1"))
            #expect(result.output.isEmpty)
        }
    }

    @Test func theBillOfMaterialsNamesTheFilesByTheirDigests() throws {
        try Workplace.withFolder { folder in
            let sbom = folder.appendingPathComponent("sbom.json")
            let built = try pinson(
                "image", "build", "--model", Self.model, "-o", folder.appendingPathComponent("i.tar").path, "--sbom",
                sbom.path,
                "--tag", "localhost:5000/team/pinson:v1")
            #expect(built.status == 0, "\(built.error)")
            let text = try String(contentsOf: sbom, encoding: .utf8)
            #expect(text.contains(try fileDigest(Self.model)))
            #expect(text.contains(try fileDigest(Workplace.binary("function").path)))
            #expect(text.contains("localhost:5000/team/pinson"))
            #expect(text.contains("swift-nio"))
        }
    }

    // MARK: - run

    private static let canRunContainers = Program.find("umoci") != nil && Program.find("runc") != nil && getuid() == 0

    @Test(.enabled(if: canRunContainers, "needs umoci, runc and root"))
    func theUnpackedImageAnswersAsNobodyOnAReadOnlyRoot() throws {
        try Workplace.withFolder { folder in
            let layout = folder.appendingPathComponent("layout").path
            _ = try pinson("image", "build", "--model", Self.model, "-o", layout + "/", "--tag", "localhost/pinson:1")
            let bundle = folder.appendingPathComponent("bundle")
            let unpacked = try Program.run(
                try #require(Program.find("umoci")), ["unpack", "--image", "\(layout):localhost/pinson:1", bundle.path])
            #expect(unpacked.status == 0, "\(unpacked.error)")

            // The bundle, less what is not permitted everywhere: limits, control groups, a network of its own.
            let file = bundle.appendingPathComponent("config.json")
            var bundleConfig = try #require(
                JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            var process = try #require(bundleConfig["process"] as? [String: Any])
            var linux = try #require(bundleConfig["linux"] as? [String: Any])
            let user = process["user"] as? [String: Int]
            #expect(user?["uid"] == 65532 && user?["gid"] == 65532)
            process["rlimits"] = [[String: Any]]()
            process["terminal"] = false
            process["env"] = (process["env"] as? [String] ?? []) + ["PORT=0"]
            linux["resources"] = [String: Any]()
            linux["namespaces"] = (linux["namespaces"] as? [[String: Any]])?.filter {
                $0["type"] as? String != "network"
            }
            bundleConfig["process"] = process
            bundleConfig["linux"] = linux
            bundleConfig["root"] = ["path": "rootfs", "readonly": true]
            bundleConfig["mounts"] = (bundleConfig["mounts"] as? [[String: Any]])?.filter {
                $0["destination"] as? String != "/sys/fs/cgroup"
            }
            try JSONSerialization.data(withJSONObject: bundleConfig).write(to: file)

            let log = folder.appendingPathComponent("log")
            try Data().write(to: log)
            let runc = Process()
            runc.executableURL = Program.find("runc")
            let state = folder.appendingPathComponent("state").path
            let name = "pinson-\(getpid())"
            runc.arguments = ["--root", state, "run", "-b", bundle.path, name]
            runc.standardInput = FileHandle.nullDevice
            runc.standardOutput = try FileHandle(forWritingTo: log)
            runc.standardError = try FileHandle(forWritingTo: log)
            try runc.run()
            defer { runc.waitUntilExit() }
            var port: Int?
            for _ in 0..<200 where port == nil && runc.isRunning {
                usleep(50_000)
                let text = try String(contentsOf: log, encoding: .utf8)
                port = text.firstMatch(of: /"port":(\d+)/).flatMap { Int($0.1) }
            }
            let text = try String(contentsOf: log, encoding: .utf8)
            let listening = try #require(port, "this machine cannot run it: \(text)")
            let answer = try Client.request(port: listening, "POST", "/predict", body: #"{"text":"I love this crew"}"#)
            #expect(answer.status == 200)
            #expect(answer.body.contains(#""label":"positive""#))
            _ = try Program.run(try #require(Program.find("runc")), ["--root", state, "kill", name, "TERM"])
            runc.waitUntilExit()
            #expect(runc.terminationStatus == 0)
        }
    }

    // MARK: - check

    private func limits(_ folder: URL, _ measure: String, max: Int) throws -> String {
        let file = folder.appendingPathComponent("own.json")
        let json = """
            {"schema":1,"targets":[{"name":"attic","title":"The attic","limits":[
             {"of":"\(measure)","max":\(max),"enforced":"hard","confidence":"A","asOf":"today","source":"the landlord","note":"It is small."}]}]}
            """
        try Data(json.utf8).write(to: file)
        return file.path
    }

    @Test func theDefaultModelFitsEverywhere() throws {
        for subject in [Self.model] {
            let result = try pinson("check", subject)
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("cloud-run-gen1"))
        }
    }

    @Test func memoryIsMeasuredByRunningTheFunction() throws {
        try withImage { tar, _ in
            let json = try pinson("check", tar, "--target", "cloud-run", "--format", "json")
            let report = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let measured = try #require(report["measurement"] as? [String: Any])
            let numbers = try #require(measured["numbers"] as? [String: Double])
            let model = try FileManager.default.attributesOfItem(atPath: Self.model)[.size] as? Double ?? 0
            #expect(numbers["resident"].map { (10_000_000...model + 20_000_000).contains($0) } == true)
            #expect(numbers["start-up"].map { (0.0005...60).contains($0) } == true)
            #expect(
                numbers["unpacked"] == model
                    + (try FileManager.default.attributesOfItem(atPath: Workplace.binary("function").path)[.size]
                        as? Double ?? 0))
            #expect((measured["remarks"] as? [String: String])?["resident"] == nil)
        }
    }

    @Test func anEstimateSaysThatItIsOne() throws {
        let result = try pinson("check", Self.model, "--target", "railway", "--estimate")
        #expect(result.status == 0)
        #expect(result.output.contains("(estimated as the model file and 20 MB: --estimate)"))
    }

    @Test func aProgramThatIsNotOursIsNotRun() throws {
        try Workplace.withFolder { folder in
            // The same program, and a byte behind it: another digest, and it would run if anybody ran it.
            let other = folder.appendingPathComponent("other")
            try (Data(contentsOf: Workplace.binary("function")) + [0]).write(to: other)
            let tar = folder.appendingPathComponent("image.tar").path
            #expect(try pinson("image", "build", "--model", Self.model, "--binary", other.path, "-o", tar).status == 0)
            let careful = try pinson("check", tar, "--target", "railway")
            #expect(careful.output.contains("its program is not the one beside pinson; --run runs it"))
            let told = try pinson("check", tar, "--target", "railway", "--run")
            #expect(told.status == 0)
            #expect(!told.output.contains("estimated"))
        }
    }

    @Test func whatDoesNotFitIsExitCodeOneInEveryFormat() throws {
        try withImage { tar, folder in
            let own = try limits(folder, "unpacked", max: 30_000_000)
            let summary = folder.appendingPathComponent("summary.md")
            for (format, mark) in [
                ("text", "FAIL unpacked"), ("json", #""status" : "violation""#), ("junit", "<failure"),
                ("sarif", #""level" : "error""#),
                ("github", "::error title=pinson check%3A attic::unpacked is"),
            ] {
                let result = try pinson(
                    "check", tar, "--limits", own, "--target", "attic", "--format", format,
                    environment: ["GITHUB_STEP_SUMMARY": summary.path])
                #expect(result.status == 1, "\(format)")
                #expect(result.output.contains(mark), "\(format): \(result.output)")
                #expect(result.output.contains("/model/model.gguf weighs most") || format == "sarif")
            }
            #expect(try String(contentsOf: summary, encoding: .utf8).contains("| ❌ | attic | unpacked |"))
        }
    }

    @Test func whatCannotBeMeasuredIsExitCodeThree() throws {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            #expect(try pinson("image", "build", "--without-model", "-o", tar).status == 0)
            let result = try pinson(
                "check", tar, "--limits", try limits(folder, "resident", max: 1), "--target", "attic")
            #expect(result.status == 3)
            #expect(result.output.contains("the image holds no model"))
        }
    }

    @Test func growthIsHeldAgainstABaseline() throws {
        try withImage { tar, folder in
            let baseline = folder.appendingPathComponent("baseline.json")
            try Data(try pinson("check", tar, "--target", "ghcr", "--format", "json").output.utf8).write(to: baseline)
            let same = try pinson("check", tar, "--target", "ghcr", "--baseline", baseline.path, "--max-growth", "5%")
            #expect(same.status == 0, "\(same.output)")
            let more = folder.appendingPathComponent("more.tar").path
            _ = try pinson(
                "image", "build", "--model", Self.model, "--add", "\(Workplace.binary("function").path):/second", "-o",
                more)
            let grown = try pinson("check", more, "--target", "ghcr", "--baseline", baseline.path, "--max-growth", "5%")
            #expect(grown.status == 1)
            #expect(grown.output.contains("/second grew most"))
        }
    }

    @Test func aFloat32ModelIsToldWhatQuantizingWouldSave() throws {
        try Workplace.withFolder { folder in
            let own = try limits(folder, "file-in-git", max: 1)
            let plain = try pinson("check", Self.model, "--limits", own, "--target", "attic")
            #expect(plain.status == 1)
            #expect(plain.output.contains("pack a smaller model"))
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("float32.gguf").path
            _ = try pinson("pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32", "--bits", "32")
            let told = try pinson("check", model, "--limits", own, "--target", "attic")
            #expect(told.output.contains("Packing the model with --bits 8 saves"), "\(told.output)")
        }
    }

    @Test func everyTargetIsListed() throws {
        let text = try pinson("targets")
        #expect(text.status == 0)
        #expect(text.output.contains("nas  A small NAS"))
        let json = try pinson("targets", "--json")
        #expect(json.output.contains(#""name" : "cloud-run""#))
    }

    // MARK: - deploy

    @Test func aPlatformsFileIsFilledFromTheImage() throws {
        try withImage { tar, folder in
            let output = folder.appendingPathComponent("service.yaml").path
            let result = try pinson(
                "deploy", "cloud-run", tar, "--reference", "europe-docker.pkg.dev/p/r/pinson:1", "--set", "NAME=tweets",
                "-o", output)
            #expect(result.status == 0, "\(result.error)")
            let text = try String(contentsOfFile: output, encoding: .utf8)
            let digest = try pinson("image", "build", "--model", Self.model, "-o", tar, "--tag", "localhost/pinson:1")
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
            _ = try pinson("image", "build", "--without-model", "-o", tar)
            let arguments = [
                "deploy", "cloud-run-volume", tar, "--reference", "docker.io/a/b:1", "--set", "BUCKET=models",
            ]
            let without = try Program.run(Workplace.binary("pinson"), arguments)
            #expect(without.status == 2)
            #expect(without.error.contains("--model"))
            let with = try Program.run(Workplace.binary("pinson"), arguments + ["--model", Self.model])
            #expect(with.status == 0, "\(with.error)")
            #expect(with.output.contains("bucketName: models"))
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        try withImage { tar, _ in
            let missing = try pinson("deploy", "cloud-run-job", tar, "--reference", "a/b:1")
            #expect(missing.status == 2)
            #expect(missing.error.contains("--set BUCKET="))
            let local = try pinson("deploy", "cloud-run", tar)
            #expect(local.status == 2)
            #expect(local.error.contains("--reference"))
            let unknown = try pinson("deploy", "cloud-run", tar, "--reference", "a/b:1", "--set", "REGIN=x")
            #expect(unknown.status == 2)
            #expect(unknown.error.contains("service.yaml has no such name"))
        }
    }
}

import Fixtures
import Foundation
import Testing

/// The memory that `deploy` asks for holds the full load that the same file allows: the system kills nothing.
///
/// The files of the image are on a file system in memory, as on Cloud Run, so they count too.
@Suite(
    .serialized,
    .enabled(if: Workplace.hasBinaries && MemoryGroup.isAvailable, "needs the binaries of `make build`, and root"),
    .enabled(if: Python.has("selectors"), "needs Python"))
struct MemoryLimitTests {
    /// The bytes that a rendered file asks for; one that asks for none runs on the free plan of Azure.
    private func memory(_ text: String) throws -> Int {
        if let match = text.firstMatch(of: /memory: (\d+)Mi/) { return try #require(Int(match.1)) << 20 }
        if let match = text.firstMatch(of: /MemorySize: (\d+)/) { return try #require(Int(match.1)) << 20 }
        if let match = text.firstMatch(of: /"memory": "([\d.]+)Gi"/) {
            return Int(try #require(Double(match.1)) * 0x1p30)
        }
        return 1_024_000_000
    }

    /// Renders a template for an image with the embedded model and `pinson`.
    private func render(_ template: String) throws -> String {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            let isJob = template.hasSuffix("job")
            let extra = isJob ? ["--add", "\(Workplace.binary("pinson").path):/pinson"] : []
            _ = try Program.run(
                Workplace.binary("pinson"),
                ["image", "build", "--model", Images.model, "--target", "lambda", "-o", tar] + extra)
            let settings = ["azure-container-apps": ["STORAGE_ACCOUNT=x"], "cloud-run-volume": ["BUCKET=x"]]
            let values = (settings[template] ?? (template == "cloud-run-job" ? ["BUCKET=x"] : [])).flatMap {
                ["--set", $0]
            }
            let result = try Program.run(
                Workplace.binary("pinson"), ["deploy", template, tar, "--reference", "a.io/b/c:1"] + values)
            #expect(result.status == 0, "\(result.error)")
            return result.output
        }
    }

    /// Starts a command in a group, with copies of the files of the image in memory in the folder `$FILES`.
    private func start(_ command: String, in group: MemoryGroup, files: URL, log: URL) throws -> Process {
        try Data().write(to: log)
        let process = Process()
        process.executableURL = Program.find("bash")
        process.arguments = [
            "-c",
            """
            echo 0 > '\(group.entrance)'
            cp '\(Workplace.binary("function").path)' '\(Images.model)' "$FILES"
            \(command)
            """,
        ]
        process.environment = ["FILES": files.path, "PATH": "/usr/bin:/bin", "PORT": "0", "HOST": "127.0.0.1"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs the function in a group with a limit under the loads of `load.py`, and returns the kills and the answers.
    private func serve(limit: Int, settings: String) throws -> (kills: Int, answers: [[String: Int]]) {
        let group = try MemoryGroup(limit: limit)
        let files = URL(fileURLWithPath: "/dev/shm/pinson-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: files) }
        return try Workplace.withFolder { folder in
            let log = folder.appendingPathComponent("log")
            let process = try start(
                "MODEL_PATH=$FILES/model.gguf LOG_LEVEL=info \(settings) exec $FILES/function", in: group, files: files,
                log: log)
            defer {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            var port: Substring?
            for _ in 0..<500 where port == nil && process.isRunning {
                usleep(20_000)
                port = try String(contentsOf: log, encoding: .utf8).firstMatch(of: /"port":(\d+)/)?.1
            }
            let script = try String(
                contentsOf: Workplace.repository.appendingPathComponent("Tests/PinsonTests/load.py"), encoding: .utf8)
            let listening = String(try #require(port, "the function does not start"))
            // The first load is the one that the issue of too little memory was found with.
            let loads = [("100", "short"), ("100", "tokens"), ("600", "tokens"), ("600", "one"), ("1", "short")]
            let answers = try loads.map { clients, body in
                let seconds = clients == "1" ? "30" : "3"
                let text = try Python.run(script, listening, clients, seconds, body)
                return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Int])
            }
            return (group.kills, answers)
        }
    }

    @Test(arguments: [
        "kubernetes", "cloud-run", "cloud-run-volume", "azure-container-apps", "azure-container-apps-image",
        "app-service", "lambda",
    ])
    func theFunctionIsNotKilledUnderFullLoad(template: String) throws {
        let text = try render(template)
        let settings = template == "lambda" ? "CONCURRENCY=1" : "CONCURRENCY=1 QUEUE_LIMIT=256"
        #expect(text.contains("CONCURRENCY") && (template == "lambda" || text.contains("QUEUE_LIMIT")))
        let result = try serve(limit: try memory(text), settings: settings)
        #expect(result.kills == 0)
        #expect(result.answers.last?["200"] ?? 0 > 0, "it still answers: \(result.answers)")
        #expect(result.answers.allSatisfy { $0["closed"] == nil }, "\(result.answers)")
    }

    @Test func tooLittleMemoryIsNoticed() throws {
        #expect(try serve(limit: 56 << 20, settings: "").kills > 0)
    }

    @Test(arguments: ["kubernetes-job", "cloud-run-job"])
    func aBatchIsNotKilled(template: String) throws {
        let group = try MemoryGroup(limit: try memory(try render(template)))
        let files = URL(fileURLWithPath: "/dev/shm/pinson-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: files) }
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("tweets.csv")
            let rows = (0..<3000).map { "\(String(repeating: "word ", count: $0 % 200)) \($0),negative\n" }
            try Data(("text,label\n" + rows.joined()).utf8).write(to: data)
            let out = folder.appendingPathComponent("out.jsonl").path
            let process = try start(
                """
                cp '\(Workplace.binary("pinson").path)' "$FILES"
                exec $FILES/pinson classify $FILES/model.gguf --input '\(data.path)' --format jsonl --output '\(out)'
                """, in: group, files: files, log: folder.appendingPathComponent("log"))
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(group.kills == 0)
            #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 3000)
        }
    }
}

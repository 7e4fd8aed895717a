import Fixtures
import Foundation
import Testing

/// An image that a container runtime runs.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ContainerTests {
    private static let canRunContainers = Program.find("umoci") != nil && Program.find("runc") != nil && getuid() == 0

    @Test(.enabled(if: canRunContainers, "needs umoci, runc and root"))
    func theUnpackedImageAnswersAsNobodyOnAReadOnlyRoot() throws {
        try Workplace.withFolder { folder in
            let layout = folder.appendingPathComponent("layout").path
            _ = try Images.pinson(
                "image", "build", "--model", Images.model, "-o", layout + "/", "--tag", "localhost/pinson:1")
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
}

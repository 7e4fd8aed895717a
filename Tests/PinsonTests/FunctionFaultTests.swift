import Fixtures
import Foundation
import Glibc
import Testing

/// The function when the system gives it less than it needs, or takes something away.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct FunctionFaultTests {
    private let request = Client.text("POST", "/predict", body: #"{"text":"late"}"#)

    @Test func withFewDescriptorsOpenConnectionsAndProbesAreServed() throws {
        try Workplace.withFolder { folder in
            let function = try FunctionProcess([:], log: folder.appendingPathComponent("log"), files: 64)
            var clients = (0..<30).compactMap { _ in try? Client(port: function.port) }
            for client in clients { client.send(request) }
            for client in clients { #expect(client.readResponse()?.status == 200) }
            clients += (0..<100).compactMap { _ in try? Client(port: function.port) }
            let before = function.processorSeconds
            usleep(1_000_000)
            #expect(function.processorSeconds - before < 0.2, "the function spins")
            for client in clients.prefix(20) {
                client.send(request)
                #expect(client.readResponse()?.status == 200)
            }
            clients.removeLast(100)
            usleep(200_000)
            #expect(try Client.request(port: function.port, "GET", "/health/ready").status == 200)
            clients = []
            #expect(function.terminate() == 0)
        }
    }

    @Test func theNumberOfThreadsDoesNotGrowWithTheSquareOfTheCores() throws {
        try Workplace.withFolder { folder in
            let function = try FunctionProcess(
                ["CONCURRENCY": "64", "THREADS": "64"], log: folder.appendingPathComponent("log"))
            #expect(function.threads < 64 + 64 + 8)
            #expect(
                try Client.request(port: function.port, "POST", "/predict", body: #"{"text":"late"}"#).status == 200)
            #expect(function.terminate() == 0)
        }
    }

    @Test func aModelThatIsTruncatedWhileItIsServedIsReported() throws {
        try Workplace.withFolder { folder in
            let model = folder.appendingPathComponent("model.gguf")
            let source = Workplace.repository.appendingPathComponent("function/model/model.gguf")
            try FileManager.default.copyItem(at: source, to: model)
            let function = try FunctionProcess(["MODEL_PATH": model.path], log: folder.appendingPathComponent("log"))
            #expect(truncate(model.path, 64 * 1024) == 0)
            let client = try Client(port: function.port)
            client.send(request)
            #expect(client.readResponse() == nil)
            #expect(function.exitStatus() == 3)
            let last = try #require(function.lines.last)
            let line = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
            #expect(line?["severity"] as? String == "CRITICAL")
            #expect((line?["message"] as? String)?.contains("The file was truncated") == true)
        }
    }

    @Test func aDamagedModelIsRefusedIfItIsVerified() throws {
        try Workplace.withFolder { folder in
            let model = folder.appendingPathComponent("model.gguf")
            let source = Workplace.repository.appendingPathComponent("function/model/model.gguf")
            var bytes = try Data(contentsOf: source)
            bytes[bytes.count - 1000] ^= 1
            try bytes.write(to: model)
            let result = try Program.run(
                Workplace.binary("function"), [],
                environment: ["MODEL_PATH": model.path, "VERIFY_MODEL": "1", "PORT": "0"])
            #expect(result.status == 2)
            #expect(result.output.contains("CRITICAL"))
            #expect(result.output.contains("SHA-256"))
        }
    }

    @Test func aPipeInPlaceOfAModelIsRefusedAtOnce() throws {
        try Workplace.withFolder { folder in
            let pipe = folder.appendingPathComponent("model.gguf").path
            #expect(mkfifo(pipe, 0o600) == 0)
            let result = try Program.run(
                Workplace.binary("function"), [], environment: ["MODEL_PATH": pipe, "PORT": "0"])
            #expect(result.status == 2)
        }
    }

    /// A pipe that nobody reads any more.
    @Test func aLostLogDoesNotChangeTheExitStatus() throws {
        let script = "'\(Workplace.binary("function").path)' | true; echo ${PIPESTATUS[0]}"
        let result = try Program.run(
            URL(fileURLWithPath: "/bin/bash"), ["-c", script], environment: ["MODEL_PATH": "/nowhere", "PORT": "0"])
        #expect(result.output == "2\n")
    }
}

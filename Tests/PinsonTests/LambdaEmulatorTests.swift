import Fixtures
import Foundation
import Testing

/// The folder of the package, or nil if it is not installed.
private let package: URL? = {
    let folder = try? Python.run("import os, samcli; print(os.path.dirname(samcli.__file__), end='')")
    guard let folder, folder.hasPrefix("/"), !folder.contains("\n") else { return nil }
    return URL(fileURLWithPath: folder)
}()

/// The release binary on Lambda, as AWS's own emulator of the runtime API sees it.
///
/// The emulator and AWS's sample events are files of the Python package `aws-sam-cli`.
@Suite(
    .serialized,
    .enabled(
        if: Workplace.hasBinaries && package != nil,
        "needs the binaries of `make build` and the Python packages of `make test`"))
struct LambdaEmulatorTests {
    private static let body = #"{"inputs":"I love this crew"}"#

    /// Starts the emulator with the function, and calls `body` with a closure that invokes it.
    private func withEmulator(_ body: (_ invoke: (String) throws -> [String: Any]) throws -> Void) throws {
        #if arch(arm64)
            let name = "aws-lambda-rie-arm64"
        #else
            let name = "aws-lambda-rie-x86_64"
        #endif
        let folderOfPackage = try #require(package)
        try Workplace.withFolder { folder in
            let emulator = folder.appendingPathComponent(name)
            try FileManager.default.copyItem(
                at: folderOfPackage.appendingPathComponent("local/rapid/\(name)"), to: emulator)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: emulator.path)
            let port = try RealRegistry.freePort()
            let process = Process()
            process.executableURL = emulator
            process.arguments = [
                "--log-level", "error", "--runtime-interface-emulator-address", "127.0.0.1:\(port)",
                "--runtime-api-address", "127.0.0.1:\(try RealRegistry.freePort())", Workplace.binary("function").path,
            ]
            process.environment = ["MODEL_PATH": Images.model, "AWS_LAMBDA_FUNCTION_TIMEOUT": "20"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            defer {
                process.terminate()
                process.waitUntilExit()
            }
            for _ in 0..<200 where (try? Client(port: port)) == nil { usleep(20_000) }
            try body { event in
                try Client.request(port: port, "POST", "/2015-03-31/functions/function/invocations", body: event).json()
            }
        }
    }

    private func labels(_ answer: [String: Any]) throws -> [String] {
        let text = try #require(answer["body"] as? String)
        let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        return try #require(list).compactMap { $0["label"] as? String }
    }

    @Test func aDirectCallIsAnsweredOrFails() throws {
        try withEmulator { invoke in
            for _ in 0..<3 {
                let answer = try invoke(#"{"text":"I love this crew"}"#)
                #expect(answer["label"] as? String == "positive")
                let refused = try invoke(#"{"text":7}"#)
                #expect(refused["errorType"] as? String == "Function.UnprocessableEntity")
                #expect(refused["errorMessage"] as? String == "'text' is a number, expected a string.")
            }
        }
    }

    @Test func theSampleEventsOfAWSAreAnswered() throws {
        let events = try #require(package).appendingPathComponent("lib/generated_sample_events/events")
        try withEmulator { invoke in
            for (file, headers) in [
                ("alb/ALBRequest.json", "headers"), ("apigateway/AwsProxy.json", "multiValueHeaders"),
                ("apigateway/HttpApi.json", "headers"),
            ] {
                // The samples are templates. All of them say that their body is Base64.
                let sample = try String(contentsOf: events.appendingPathComponent(file), encoding: .utf8)
                    .replacing("{{{body}}}", with: Data(Self.body.utf8).base64EncodedString())
                    .replacing("{{{method}}}", with: "POST").replacing("{{{path}}}", with: "predict")
                    .replacing("{{{stage}}}", with: "$default").replacing("{{{resource}}}", with: "/{proxy+}")
                let answer = try invoke(sample)
                #expect(answer["statusCode"] as? Int == 200, "\(file)")
                #expect(try labels(answer) == ["positive", "negative"], "\(file)")
                #expect((answer[headers] as? [String: Any])?["Content-Type"] != nil, "\(file)")
            }
        }
    }

    /// Lambda starts a process that has ended with an error again.
    @Test func withoutARuntimeAPITheProcessEndsWithStatus3() throws {
        let address = "127.0.0.1:\(try RealRegistry.freePort())"
        let result = try Program.run(
            Workplace.binary("function"), [],
            environment: ["MODEL_PATH": Images.model, "AWS_LAMBDA_RUNTIME_API": address])
        #expect(result.status == 3)
        let line = try #require(result.output.split(separator: "\n").last)
        #expect(
            line.contains("\"severity\":\"CRITICAL\"") && line.contains("The runtime API at \(address) did not answer"))
    }

    @Test func anEventOverTheBodyLimitIsAnsweredWith413() throws {
        try withEmulator { invoke in
            let text = String(repeating: "late ", count: 1_000_000)
            let answer = try invoke(
                """
                {"version":"2.0","rawPath":"/predict","headers":{},"requestContext":{"http":{"method":"POST"}},
                "body":"\(text)","isBase64Encoded":false}
                """)
            #expect(answer["statusCode"] as? Int == 413)
            #expect(try invoke(#"{"text":"late"}"#)["label"] as? String == "negative")
        }
    }
}

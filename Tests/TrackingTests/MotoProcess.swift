import Fixtures
import Foundation
import NIOCore

@testable import Tracking

/// The server of moto, which has the interface of S3, on a free port of 127.0.0.1.
final class MotoProcess: @unchecked Sendable {
    let port: Int
    private let process = Process()

    init() throws {
        port = try RealRegistry.freePort()
        process.executableURL = Workplace.repository.appendingPathComponent(".build-tools/bin/python3")
        process.arguments = ["-m", "moto.server", "-H", "127.0.0.1", "-p", "\(port)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<600 {
            if (try? Client.request(port: port, "GET", "/moto-api/data.json").status) == 200 { return }
            usleep(100_000)
        }
    }

    /// The variables with which the tools of AWS use this server.
    var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": "AKIATESTTESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "s3cret/key+x",
            "AWS_REGION": "eu-west-3",
            "MLFLOW_S3_ENDPOINT_URL": "http://127.0.0.1:\(port)", "HOME": "/nowhere",
        ]
    }

    func store(_ address: String, _ more: [String: String] = [:]) throws -> any ArtifactStore {
        guard let store = try ArtifactStores.store(at: address, environment.merging(more) { $1 }, patience: .forTests)
        else {
            throw Client.Failure()
        }
        return store
    }

    /// Runs a script with a client of S3 named `s3`, and the bucket `finch`.
    func python(_ script: String, _ argument: String = "") throws -> String {
        let start = """
            import boto3, sys
            s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="eu-west-3", aws_access_key_id="a",
                aws_secret_access_key="b")

            """
        return try Python.run(start + script, "http://127.0.0.1:\(port)", argument)
    }

    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

extension Patience {
    /// Little waiting, and enough time for a busy machine.
    static let forTests = Patience(
        attempts: 4, delay: .milliseconds(1), longestDelay: .milliseconds(5), silence: .seconds(60))
}

extension ArtifactStore {
    /// All bytes of a file.
    func bytes(_ path: String) async throws -> Data {
        var data = Data()
        try await get(path) { data += Data($0.readableBytesView) }
        return data
    }
}

/// Bytes that look random, the same each time.
func pattern(_ count: Int) -> Data {
    Data((0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) })
}

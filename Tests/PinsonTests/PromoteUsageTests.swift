import Fixtures
import Testing

/// What `promote` and `rollback` say about wrong usage, before they ask a server.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct PromoteUsageTests {
    @Test(arguments: [
        (["--alpha", "0"], "expected more than 0, less than 1"), (["--alpha", "1"], "'1.0' is invalid for '--alpha"),
        (["--tolerate=-1"], "expected 0 or more"), (["--metric", "moon"], "expected one of accuracy, macro-f1, f1"),
        (["--metric", "f1", "--resamples", "20"], "'--alpha 0.05' needs 39 or more"),
        (["--name", "a/b"], "Give a name such as"),
        (["--target", "moon"], "moon"),
    ])
    func wrongUsageIsExplained(options: [String], message: String) throws {
        try Workplace.withFolder { folder in
            let basic = options.contains("--name") ? [] : ["--name", "air"]
            let result = try TrackTests.pinson(in: folder, ["promote", "m.gguf", "--data", "d.csv"] + basic + options)
            #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
            #expect(result.output.isEmpty)
        }
    }

    @Test(arguments: [["promote", "m.gguf", "--data", "d.csv", "--name", "air"], ["rollback", "air"]])
    func aServerIsAskedFor(arguments: [String]) throws {
        try Workplace.withFolder { folder in
            for address in ["", "mlruns", "file:///tmp/mlruns"] {
                let result = try TrackTests.pinson(in: folder, arguments, ["MLFLOW_TRACKING_URI": address])
                #expect(result.status == 2 && result.error.contains("Set MLFLOW_TRACKING_URI to its address"))
            }
            let port = try RealRegistry.freePort()
            let silent = try TrackTests.pinson(
                in: folder, ["rollback", "air"], ["MLFLOW_TRACKING_URI": "http://ada:s3cret@127.0.0.1:\(port)"])
            #expect(silent.status == 3 && silent.error.contains("Connection refused"), "\(silent.error)")
            #expect(!silent.error.contains("s3cret"))
        }
    }
}

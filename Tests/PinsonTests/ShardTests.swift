import Fixtures
import Foundation
import Testing

/// A batch that a platform runs as the tasks of a job.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ShardTests {
    private static let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path

    private func classify(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), ["classify", Self.model] + arguments, environment: environment)
    }

    /// Tweets with quotes, commas and new lines in them.
    private func csv(_ count: Int) -> String {
        "text,label\n" + (0..<count).map { "\"tweet \($0), \"\"so\"\" late\nagain\",negative\n" }.joined()
    }

    @Test(arguments: ["jsonl", "csv", "text"], [("CLOUD_RUN_TASK_INDEX", 3), ("JOB_COMPLETION_INDEX", 7)])
    func allPartsTogetherAreTheOutputOfASingleRun(format: String, platform: (index: String, count: Int)) throws {
        try Workplace.withFolder { folder in
            let input = folder.appendingPathComponent("tweets.csv").path
            try Data(csv(20).utf8).write(to: URL(fileURLWithPath: input))
            let whole = try classify(["--input", input, "--format", format])
            #expect(whole.status == 0)
            let output = folder.appendingPathComponent("scored").path
            for index in 0..<platform.count {
                let result = try classify(
                    [
                        "--input", input, "--format", format, "--shard", "--output", output, "--shards",
                        "\(platform.count)",
                    ],
                    [platform.index: "\(index)"])
                #expect(result.status == 0, "\(result.error)")
            }
            let parts = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
            #expect(parts.first?.hasPrefix("part-00000-of-0000\(platform.count).") == true)
            let joined = try parts.map { try String(contentsOfFile: "\(output)/\($0)", encoding: .utf8) }.joined()
            #expect(joined == whole.output)
        }
    }

    @Test func moreTasksThanTweetsLeaveEmptyParts() throws {
        try Workplace.withFolder { folder in
            let input = folder.appendingPathComponent("tweets.csv").path
            try Data(csv(2).utf8).write(to: URL(fileURLWithPath: input))
            let sizes = try (0..<5).map { index in
                let result = try classify(
                    ["--input", input, "--format", "jsonl", "--shard", "--output", folder.path],
                    ["CLOUD_RUN_TASK_INDEX": "\(index)", "CLOUD_RUN_TASK_COUNT": "5"])
                #expect(result.status == 0, "\(result.error)")
                return try Data(contentsOf: folder.appendingPathComponent("part-0000\(index)-of-00005.jsonl")).count
            }
            #expect(sizes.count { $0 > 0 } == 2)
            let first = try classify(
                ["--input", input, "--format", "csv", "--shard", "--output", folder.path],
                ["CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "5"])
            #expect(first.status == 0)
            let part = folder.appendingPathComponent("part-00000-of-00005.csv")
            #expect(try String(contentsOf: part, encoding: .utf8) == "text,input_label,label,score\n")
        }
    }

    @Test func aTaskThatIsKilledLeavesNothingAndItsNextAttemptWritesTheSame() throws {
        try Workplace.withFolder { folder in
            let input = folder.appendingPathComponent("tweets.csv").path
            try Data(csv(60_000).utf8).write(to: URL(fileURLWithPath: input))
            let output = folder.appendingPathComponent("scored")
            let task = Process()
            task.executableURL = Workplace.binary("pinson")
            task.arguments = [
                "classify", Self.model, "--input", input, "--format", "jsonl", "--shard", "--output", output.path,
            ]
            task.environment = ["CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "2"]
            task.standardError = FileHandle.nullDevice
            try task.run()
            usleep(1_500_000)
            kill(task.processIdentifier, SIGKILL)
            task.waitUntilExit()
            #expect(task.terminationReason == .uncaughtSignal, "it was done before it was killed")
            let left = (try? FileManager.default.contentsOfDirectory(atPath: output.path)) ?? []
            #expect(left.isEmpty)
        }
    }

    @Test(
        arguments: [
            (["--shard"], [:], "needs '--input <file>' and '--output <folder>'"),
            (["--input", "x.csv", "--shard", "--output", "y"], [:], "Run the command as a task of a job"),
            (
                ["--input", "x.csv", "--shard", "--output", "y"], ["JOB_COMPLETION_INDEX": "1"],
                "Give it with '--shards <count>'"
            ),
            (
                ["--input", "x.csv", "--shard", "--output", "y"],
                ["CLOUD_RUN_TASK_INDEX": "4", "CLOUD_RUN_TASK_COUNT": "4"],
                "CLOUD_RUN_TASK_INDEX is 4, but with 4 tasks it must be 0 to 3"
            ),
        ] as [([String], [String: String], String)])
    func aTaskThatDoesNotKnowItsPartIsRefused(arguments: [String], environment: [String: String], message: String)
        throws
    {
        let result = try classify(arguments + (arguments.contains("--input") ? [] : ["a"]), environment)
        #expect(result.status == 2)
        #expect(result.error.contains(message), "\(result.error)")
    }

    @Test func anOutputFileAppearsCompletelyOrNotAtAll() throws {
        try Workplace.withFolder { folder in
            let output = folder.appendingPathComponent("out.txt")
            let good = try classify(["so good", "--output", output.path])
            #expect(good.status == 0)
            let text = try String(contentsOf: output, encoding: .utf8)
            #expect(text.hasPrefix("positive\t"))
            let bad = folder.appendingPathComponent("bad.csv")
            try Data("text\nfine\n\"never closed".utf8).write(to: bad)
            #expect(try classify(["--input", bad.path, "--output", output.path]).status == 2)
            #expect(try String(contentsOf: output, encoding: .utf8) == text)
        }
    }
}

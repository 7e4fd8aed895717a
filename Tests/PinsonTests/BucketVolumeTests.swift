import Fixtures
import Foundation
import Glibc
import Testing

private let hasFileSystem =
    geteuid() == 0 && Program.find("fusermount3") != nil && FileManager.default.fileExists(atPath: "/dev/fuse")
    && Python.has("mfusepy")

/// Functions whose volume is a file system that refuses to change files once they are written, as buckets do.
///
/// `bucket.py` is this file system.
@Suite(
    .enabled(
        if: Workplace.hasBinaries && hasFileSystem, "needs root, fuse3 and mfusepy, which `make test-tools` installs"))
struct BucketVolumeTests {
    private func with(_ body: (_ volume: URL, _ objects: URL, _ folder: URL) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let (objects, volume) = (folder.appendingPathComponent("objects"), folder.appendingPathComponent("volume"))
            for place in [objects, volume] {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            }
            let process = Process()
            process.executableURL = Python.interpreter
            let script = Workplace.repository.appendingPathComponent("Tests/PinsonTests/bucket.py").path
            process.arguments = [script, objects.path, volume.path]
            try process.run()
            defer {
                umount2(volume.path, Int32(MNT_DETACH))
                process.terminate()
                process.waitUntilExit()
            }
            func isMounted() throws -> Bool {
                try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).contains("\(volume.path) fuse.bucket")
            }
            for _ in 0..<500 where try !isMounted() { usleep(20_000) }
            try #require(try isMounted())
            try body(volume, objects, folder)
        }
    }

    @Test("A function that is killed loses nothing, although no file can be changed once it is written")
    func nothingIsLost() throws {
        try with { volume, objects, folder in
            let reporter = FeedbackReporter()
            try reporter.report(rounds: 8, to: volume, logs: folder)
            try reporter.expectNothingIsLost(on: volume, least: 4)
            let probe = volume.appendingPathComponent("probe").path
            #expect(FileManager.default.createFile(atPath: probe, contents: Data("a".utf8)))
            #expect(FileHandle(forUpdatingAtPath: probe) == nil, "this file system changes files")
        }
    }

    @Test("An alert is raised once, also after the function was killed and started again")
    func alerts() throws {
        try with { volume, _, folder in
            var alerts = 0
            for start in 0..<3 {
                let function = try FunctionProcess(
                    ["FEEDBACK_DIR": volume.path, "LOG_LEVEL": "error"],
                    log: folder.appendingPathComponent("log\(start)"))
                defer { function.kill() }
                for index in 0..<(start == 0 ? 3 : 1) {
                    let body = #"{"tweet":"late \#(start) \#(index)","prediction":"positive","probability":0.75}"#
                    #expect(try Client.request(port: function.port, "POST", "/report_error", body: body).status == 200)
                }
                func raised() -> Int { function.lines.count { $0.contains("prediction_alert") } }
                for _ in 0..<(start == 0 ? 500 : 50) where raised() == 0 { usleep(20_000) }
                alerts += raised()
                #expect(!function.lines.contains { $0.contains("cannot be kept") }, "\(function.lines)")
            }
            #expect(alerts == 1)
        }
    }
}

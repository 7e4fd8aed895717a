import Foundation
import Testing

/// No circles: whoever reads a file or folder can read those that it uses first.
@Suite struct CircleTests {
    @Test func theFilesOfTheCommandLineFormNoCircle() throws {
        let uses = try SourceTree("Sources/pinson").uses { $0 }
        #expect(uses.values.contains { $0.contains("Console/Console.swift") }, "the graph is empty")
        #expect(circle(in: uses) == nil)
    }

    @Test(
        arguments: [
            "ContainerImage", "Deployment", "Reports", "Telemetry", "Tracking", "Training", "Validation", "pinson",
        ])
    func theFoldersOfARoomFormNoCircle(room: String) throws {
        let uses = try SourceTree("Sources/\(room)").uses { path in
            path.firstIndex(of: "/").map { String(path[..<$0]) } ?? "."
        }
        #expect(!uses.isEmpty)
        #expect(circle(in: uses) == nil)
    }

    @Test func aCircleIsFound() {
        #expect(circle(in: ["a": ["b"], "b": ["c"], "c": ["b"]]) == ["b", "c", "b"])
        #expect(circle(in: ["a": ["b", "c"], "b": ["c"], "c": []]) == nil)
    }
}

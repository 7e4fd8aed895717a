import Fixtures
import Foundation
import Testing

/// The records of what is linked into the programs, and of the versions of the packages.
@Suite struct PackageTests {
    private let script = Workplace.repository.appendingPathComponent("container/package-lock").path

    /// Runs `package-lock` in a folder with a record and with packages that are resolved to the version 1.2.3.
    private func hold(recorded: String) throws -> Program.Result {
        let shell = try #require(Program.find("bash"))
        return try Workplace.withFolder { folder in
            let (container, tools) = (folder.appendingPathComponent("container"), folder.appendingPathComponent("bin"))
            for new in [container, tools] {
                try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true)
            }
            try Data("# a comment\n\(recorded)".utf8).write(to: container.appendingPathComponent("packages.lock"))
            let resolved = """
                { "pins" : [
                    { "identity" : "a", "location" : "https://github.com/o/a",
                      "state" : { "revision" : "0123", "version" : "1.2.3" } } ],
                  "version" : 3 }
                """
            let lines = resolved.replacing(", \"", with: ",\n\"").replacing("{ \"", with: "{\n\"")
            try Data(lines.utf8).write(to: folder.appendingPathComponent("Package.resolved"))
            // This `swift` cannot resolve anything.
            let swift = tools.appendingPathComponent("swift")
            try Data("#!/bin/sh\nexit 1\n".utf8).write(to: swift)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift.path)
            return try Program.run(
                shell, ["-c", "cd '\(folder.path)' && PATH='\(tools.path)':$PATH '\(script)' hold"])
        }
    }

    @Test func aBuildWithTheRecordedVersionsGoesOn() throws {
        let result = try hold(recorded: "a 1.2.3\n")
        #expect(result.status == 0, "\(result.error)")
    }

    @Test(arguments: ["a 1.2.4\n", "a 1.2.3\nb 1.0.0\n", "b 1.2.3\n"])
    func aBuildWithOtherVersionsStopsAndNamesThem(recorded: String) throws {
        let result = try hold(recorded: recorded)
        #expect(result.status == 1)
        #expect(result.error.contains("The resolved packages differ from container/packages.lock"))
        #expect(result.error.contains("make lock"))
        #expect(result.error.contains("< ") || result.error.contains("> "))
    }

    @Test func everyPackageIsRecorded() throws {
        let root = Workplace.repository
        let lock = try String(contentsOf: root.appendingPathComponent("container/packages.lock"), encoding: .utf8)
        let recorded = lock.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
        #expect(recorded.allSatisfy { $0.count == 2 && $0[1].wholeMatch(of: /\d+\.\d+\.\d+/) != nil })
        let resolved = try JSONSerialization.jsonObject(
            with: Data(contentsOf: root.appendingPathComponent("Package.resolved")))
        let pins = try #require((resolved as? [String: Any])?["pins"] as? [[String: Any]])
        #expect(recorded.map { String($0[0]) } == pins.compactMap { $0["identity"] as? String }.sorted())
    }

    @Test(
        .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"),
        arguments: [
            (
                "function",
                [
                    "swift-nio", "llhttp", "boringssl in swift-nio-ssl", "swift", "swift-corelibs-libdispatch", "glibc",
                    "libgcc",
                ]
            ),
            (
                "pinson",
                ["boringssl in swift-crypto", "boringssl in swift-nio-ssl", "swift-foundation", "zlib", "Yams"]
            ),
        ])
    func whatIsLinkedIsListedWithVersionsAndLicences(program: String, names: [String]) throws {
        let text = try String(contentsOf: Workplace.binary("\(program).packages"), encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        #expect(lines.allSatisfy { $0.count == 5 && !$0.contains { $0.isEmpty } })
        #expect(Set(names).subtracting(lines.map { String($0[0]) }) == [])
        #expect(Set(lines.map { $0[0] }).count == lines.count, "a name occurs twice")
        #expect(!lines.contains { $0[2] == "NOASSERTION" }, "a licence is not recognized")
        #expect(lines.allSatisfy { $0[3].hasPrefix("pkg:") && $0[4].hasPrefix("https://") })
    }
}

public import Foundation

/// A program that ran, or is running.
public struct Program {
    public struct Result: Sendable {
        public var status: Int32
        public var output: String
        public var error: String
    }

    /// Runs `executable` to its end.
    ///
    /// - Parameter environment: added to this process's own.
    public static func run(
        _ executable: URL, _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Result {
        try Workplace.withFolder { folder in
            // Files, not pipes: nothing to drain while it runs.
            let (output, error) = (folder.appendingPathComponent("out"), folder.appendingPathComponent("err"))
            for file in [output, error] { try Data().write(to: file) }
            let standardInput = folder.appendingPathComponent("in")
            try Data(input.utf8).write(to: standardInput)
            let process = Process()
            process.executableURL = executable
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardInput = try FileHandle(forReadingFrom: standardInput)
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: error)
            try process.run()
            process.waitUntilExit()
            return Result(
                status: process.terminationStatus,
                output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
                error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
        }
    }

    /// The first of `names` that is on the PATH.
    public static func find(_ names: String...) -> URL? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return names.flatMap { name in folders.map { URL(fileURLWithPath: "\($0)/\(name)") } }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

/// The Python that `make test` prepares, for the reference implementations of formats.
public enum Python {
    private static let interpreter: URL? = {
        let own = Workplace.repository.appendingPathComponent(".build-tools/bin/python3")
        return FileManager.default.isExecutableFile(atPath: own.path) ? own : Program.find("python3")
    }()

    /// Whether `module` can be imported.
    public static func has(_ module: String) -> Bool {
        guard let interpreter else { return false }
        return (try? Program.run(interpreter, ["-c", "import \(module)"]).status) == 0
    }

    /// What `script` prints.
    public static func run(_ script: String, _ arguments: String...) throws -> String {
        guard let interpreter else { return "" }
        let result = try Program.run(interpreter, ["-c", script] + arguments)
        return result.status == 0 ? result.output : result.output + result.error
    }
}

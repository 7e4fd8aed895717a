public import Foundation

/// Runs other programs.
public struct Program {
    /// The outcome of a program that has ended.
    public struct Result: Sendable {
        /// The exit status, or the number of the signal that ended the program.
        public var status: Int32
        /// The text on standard output.
        public var output: String
        /// The text on standard error.
        public var error: String
    }

    /// Runs a program and waits until it ends.
    ///
    /// - Parameters:
    ///   - executable: the file to run.
    ///   - arguments: its arguments, without the program name.
    ///   - input: the text on its standard input.
    ///   - environment: variables to set in addition to those of this process.
    /// - Returns: the exit status and the text that the program wrote.
    /// - Throws: an error of Foundation if the program cannot be started.
    public static func run(
        _ executable: URL, _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Result {
        try Workplace.withFolder { folder in
            // Files, unlike pipes, need no reader while the program runs.
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

    /// Returns the first of `names` that is an executable on the PATH, or nil.
    public static func find(_ names: String...) -> URL? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return names.flatMap { name in folders.map { URL(fileURLWithPath: "\($0)/\(name)") } }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

/// The Python interpreter, which runs the reference implementations of formats.
///
/// This is the interpreter that `make test` prepares, or else `python3` on the PATH.
public enum Python {
    /// The interpreter, or nil if this machine has none.
    public static let interpreter: URL? = {
        let own = Workplace.repository.appendingPathComponent(".build-tools/bin/python3")
        return FileManager.default.isExecutableFile(atPath: own.path) ? own : Program.find("python3")
    }()

    /// Returns whether Python can import `module`.
    public static func has(_ module: String) -> Bool {
        guard let interpreter else { return false }
        return (try? Program.run(interpreter, ["-c", "import \(module)"]).status) == 0
    }

    /// Runs a script.
    ///
    /// - Parameters:
    ///   - script: the source text.
    ///   - arguments: the arguments, which are `sys.argv[1:]` in the script.
    /// - Returns: the standard output; if the script fails, its standard error follows; empty if there is no Python.
    /// - Throws: an error of Foundation if Python cannot be started.
    public static func run(_ script: String, _ arguments: String...) throws -> String {
        guard let interpreter else { return "" }
        let result = try Program.run(
            interpreter, ["-c", script] + arguments, environment: ["MLFLOW_DISABLE_TELEMETRY": "true"])
        return result.status == 0 ? result.output : result.output + result.error
    }
}

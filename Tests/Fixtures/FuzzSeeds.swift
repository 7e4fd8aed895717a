public import Foundation

/// The inputs that fuzzers start from.
///
/// `make fuzz` asks the tests for them, because they know what valid inputs are.
public enum FuzzSeeds {
    /// The folder for the seeds, or nil if nobody has asked for seeds.
    public static let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"].map { URL(fileURLWithPath: $0) }

    /// Whether somebody has asked for seeds.
    public static var areWanted: Bool { folder != nil }

    /// Writes the seeds of one fuzzer.
    ///
    /// - Parameters:
    ///   - fuzzer: the name of the fuzzer, which is a folder of `Tests/Fuzz`.
    ///   - seeds: the inputs.
    /// - Throws: an error of Foundation if a file cannot be written.
    public static func write(_ fuzzer: String, _ seeds: [Data]) throws {
        guard let folder = folder?.appendingPathComponent(fuzzer) else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (index, seed) in seeds.enumerated() {
            try seed.write(to: folder.appendingPathComponent("\(index)"))
        }
    }

    /// Writes texts as the seeds of one fuzzer, each after the bytes of `prefix`.
    ///
    /// - Parameters:
    ///   - fuzzer: the name of the fuzzer, which is a folder of `Tests/Fuzz`.
    ///   - prefix: the bytes in front of each text, by which an input of the fuzzer says how the text is used.
    ///   - texts: the texts.
    /// - Throws: an error of Foundation if a file cannot be written.
    public static func write(_ fuzzer: String, prefix: [UInt8] = [], _ texts: [String]) throws {
        try write(fuzzer, texts.map { Data(prefix) + Data($0.utf8) })
    }
}

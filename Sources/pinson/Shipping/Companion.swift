import ArgumentParser
import Foundation

/// The files that `make build` puts next to this program.
enum Companion {
    /// The path of the file `name` next to this program, or nil if there is none.
    static func find(_ name: String) -> String? {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        let path = (own as NSString).deletingLastPathComponent + "/\(name)"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The path of the function next to this program.
    ///
    /// - Throws: `ValidationError` if there is none.
    static func function() throws -> String {
        guard let path = find("function") else {
            throw ValidationError(
                "There is no file 'function' next to pinson. Name the program with '--program <file>'.")
        }
        return path
    }
}

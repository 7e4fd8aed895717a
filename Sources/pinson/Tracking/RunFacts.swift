import Foundation
import Glibc
import ModelFile

/// What is recorded about every run: where it ran, and what it used.
enum RunFacts {
    /// The program, the machine, and the commit of the folder that the command runs in.
    static var tags: [String: String] {
        source.merging([
            "pinson.version": pinsonVersion, "pinson.machine": machine,
            "pinson.command": CommandLine.arguments.dropFirst().first ?? "",
        ]) { $1 }
    }

    /// The program and the commit, which a run has in common with those that are a part of it.
    static let source: [String: String] = {
        var tags = ["mlflow.source.type": "LOCAL", "mlflow.source.name": "pinson"]
        tags["mlflow.source.git.commit"] = commit
        return tags
    }()

    /// The processor and the number of cores.
    private static var machine: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = text.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
        let name = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
        return "\(name), \(ProcessInfo.processInfo.activeProcessorCount) cores"
    }

    /// The peak memory and the CPU time of this process so far.
    static func usage() -> [String: Double] {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return [:] }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return [
            "system/peak_memory_megabytes": Double(usage.ru_maxrss) * 1024 / 1e6,
            "system/cpu_seconds": seconds(usage.ru_utime) + seconds(usage.ru_stime),
        ]
    }

    /// The commit that is checked out in this folder or a folder above it, or nil.
    private static var commit: String? {
        func text(_ path: String) -> String? {
            (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        while folder.path != "/", text("\(folder.path)/.git/HEAD") == nil { folder.deleteLastPathComponent() }
        guard let head = text("\(folder.path)/.git/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return head }
        let name = String(head.dropFirst(5))
        if let commit = text("\(folder.path)/.git/\(name)") { return commit }
        let packed = text("\(folder.path)/.git/packed-refs")?.split(separator: "\n") ?? []
        return packed.first { $0.hasSuffix(" \(name)") }?.split(separator: " ").first.map(String.init)
    }
}

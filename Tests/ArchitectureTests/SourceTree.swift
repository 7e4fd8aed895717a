import Fixtures
import Foundation

/// The source files of a folder of the repository.
struct SourceTree {
    struct File {
        /// The path below the folder.
        let path: String
        let text: String

        /// The number of lines.
        var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }

        /// The source without comments and string literals.
        let code: String

        init(path: String, text: String) {
            self.path = path
            self.text = text
            code = text.split(separator: "\n").map { line in
                line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
                    .replacing(/"(?:[^"\\]|\\.)*"/, with: "\"\"")
            }.joined(separator: "\n")
        }

        /// The names of types and functions that are declared at the top level.
        var declarations: Set<String> {
            let pattern =
                /(?m)^(?:@\w+ )*(?:public |final |indirect )*(?:struct|class|enum|actor|protocol|func|typealias) (\w+)/
            return Set(code.matches(of: pattern).map { String($0.1) })
        }

        /// All identifiers in the code.
        var words: Set<String> { Set(code.matches(of: /[A-Za-z_]\w*/).map { String($0.0) }) }
    }

    let files: [File]

    init(_ folder: String, extensions: [String] = [".swift"]) throws {
        let root = Workplace.repository.appendingPathComponent(folder)
        files = try FileManager.default.subpathsOfDirectory(atPath: root.path)
            .filter { path in extensions.contains { path.hasSuffix($0) } }.sorted()
            .map { File(path: $0, text: try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8)) }
    }

    /// Which nodes use which, where `node` maps a path to its node.
    ///
    /// A node uses another if it names one of its declarations.
    func uses(_ node: (String) -> String) -> [String: Set<String>] {
        var owners: [String: Set<String>] = [:]
        for file in files { for name in file.declarations { owners[name, default: []].insert(node(file.path)) } }
        var uses: [String: Set<String>] = [:]
        for file in files {
            let own = node(file.path)
            let others = file.words.compactMap { owners[$0] }.filter { $0.count == 1 && !$0.contains(own) }
            uses[own, default: []].formUnion(others.flatMap { $0 })
        }
        return uses
    }
}

/// One circle in a graph, as the nodes in order, or nil if there is none.
func circle(in graph: [String: Set<String>]) -> [String]? {
    var finished: Set<String> = []
    var path: [String] = []
    func visit(_ node: String) -> [String]? {
        if finished.contains(node) { return nil }
        if let start = path.firstIndex(of: node) { return Array(path[start...]) + [node] }
        path.append(node)
        for next in (graph[node] ?? []).sorted() {
            if let found = visit(next) { return found }
        }
        path.removeLast()
        finished.insert(node)
        return nil
    }
    for node in graph.keys.sorted() {
        if let found = visit(node) { return found }
    }
    return nil
}

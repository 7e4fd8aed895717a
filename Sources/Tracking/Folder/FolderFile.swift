import Files
import Foundation
import Glibc
import JSON
import Yams

/// Reads and writes the small files that MLflow keeps in a folder.
enum FolderFile {
    /// The keys and values of a `meta.yaml`, as text, or nil if there is no such file.
    static func meta(in folder: String) -> [String: String]? {
        guard let text = text("\(folder)/meta.yaml"), let mapping = try? Yams.compose(yaml: text)?.mapping
        else { return nil }
        return mapping.reduce(into: [:]) { values, entry in
            if let key = entry.key.string { values[key] = entry.value.scalar?.string }
        }
    }

    /// The text of a file, or nil if there is none.
    static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    /// The entries of a folder of parameters, metrics or tags: each file below it is one, and its path is the name.
    static func entries(in folder: String) -> [String: String] {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.reduce(into: [:]) { entries, path in
            // A folder has no text.
            entries[path] = text("\(folder)/\(path)")
        }
    }

    /// Writes a `meta.yaml`: a key and a scalar on each line, where a string is in double quotes as JSON has them.
    static func writeMeta(_ members: [(key: String, value: MetaValue)], in folder: String) throws(TrackingError) {
        try write(members.map { "\($0.key): \($0.value.text)\n" }.joined(), to: "\(folder)/meta.yaml")
    }

    /// Writes a file, completely or not at all, and creates the folders above it.
    static func write(_ text: String, to path: String) throws(TrackingError) {
        do {
            try createFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
            let file = try AtomicFile(path: path)
            try file.append(Array(text.utf8))
            try file.commit()
        } catch {
            throw .file(path: path, action: "write", reason: "\(String(cString: strerror(error.errno)))")
        }
    }

    /// Writes a line after those of a file, at once.
    static func append(_ line: String, to path: String) throws(TrackingError) {
        do { try createFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])) } catch {
            throw .file(path: path, action: "write", reason: String(cString: strerror(error.errno)))
        }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        defer { if descriptor >= 0 { close(descriptor) } }
        let bytes = Array(line.utf8)
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .file(path: path, action: "write", reason: String(cString: strerror(errno)))
        }
    }
}

/// A value in a `meta.yaml`.
enum MetaValue {
    case null
    case number(Int64)
    case string(String)
    /// A list or a mapping in the form of JSON.
    case source(String)

    var text: String {
        switch self {
        case .null: "null"
        case .number(let number): "\(number)"
        case .source(let text): text
        case .string(let text): quoted(text)
        }
    }
}

/// `text` as a JSON string, which is also a YAML string in double quotes.
func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.value(text)
    return writer.text
}

import Foundation
import Yams

/// A rendered file: parsed once more, and held against what is known to go wrong.
public struct Rendered {
    private let text: String
    private let name: String

    public init(_ text: String, named name: String) {
        self.text = text
        self.name = name
    }

    /// - Throws: an error if it does not parse, has a name without a value, or probes a path that a platform keeps.
    public func validate() throws {
        var documents: [Any] = []
        do {
            if name.hasSuffix(".json") {
                documents = [try JSONSerialization.jsonObject(with: Data(text.utf8))]
            } else {
                let parser = try Parser(yaml: text)
                while let root = try parser.nextRoot() {
                    if !(root.any is NSNull) { documents.append(root.any) }
                }
            }
        } catch {
            throw DeploymentError(
                what: name, reason: "it does not parse: \(error)", advice: "Check the values of --set.")
        }
        guard !documents.isEmpty else {
            throw DeploymentError(what: name, reason: "it is empty", advice: "Take the template that pinson carries.")
        }
        for document in documents { try walk(document, path: "") }
    }

    private func walk(_ value: Any, path: String) throws {
        switch value {
        case let fields as [String: Any]:
            for (key, value) in fields { try walk(value, path: "\(path).\(key)") }
        case let items as [Any]:
            for (index, item) in items.enumerated() { try walk(item, path: "\(path)[\(index)]") }
        case let text as String:
            guard !text.contains("${") else {
                throw DeploymentError(
                    what: name, reason: "\(path) still holds '\(text)'", advice: "Give it a value with --set.")
            }
            if path.lowercased().contains("probe"), path.hasSuffix(".path"), text.hasSuffix("z") {
                throw DeploymentError(
                    what: name, reason: "\(path) is \(text), and Cloud Run keeps some paths that end in z for itself",
                    advice: "Probe /health/ready and /health/live.")
            }
        default: break
        }
    }
}

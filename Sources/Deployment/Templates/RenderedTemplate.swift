import Foundation
import Yams

/// A filled-in template, which is parsed again and checked for known mistakes before anybody uses it.
public struct RenderedTemplate {
    private let text: String
    private let name: String

    /// Creates a rendered template.
    ///
    /// - Parameters:
    ///   - text: The filled-in text.
    ///   - name: The name of the file; a name that ends in `.json` is parsed as JSON, a unit of systemd by its lines, a
    ///     query is one text, and any other file is parsed as YAML.
    public init(_ text: String, named name: String) {
        self.text = text
        self.name = name
    }

    /// Checks the text.
    ///
    /// - Throws: `DeploymentError` if the text does not parse, is empty, contains a variable without a value, or probes a
    ///   path that a platform reserves.
    public func validate() throws {
        let documents = try documents()
        guard !documents.isEmpty else {
            throw DeploymentError(
                what: name, reason: "the rendered file is empty", advice: "Use a template that is built into pinson.")
        }
        for document in documents { try validate(document, at: "") }
    }

    /// Whether a file is a unit of systemd, by its name.
    static func isUnit(_ name: String) -> Bool { name.hasSuffix(".service") || name.hasSuffix(".timer") }

    /// Whether a file is a query in Kusto's language, which has no variables.
    static func isQuery(_ name: String) -> Bool { name.hasSuffix(".kql") }

    /// The settings of a unit of systemd, by their names; several with the same name become one text.
    private var settings: [String: String] {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("[") }
        let pairs = lines.map { line in
            let name = line.prefix { $0 != "=" }
            return (String(name), String(line.dropFirst(name.count + 1)))
        }
        return Dictionary(pairs) { "\($0) \($1)" }
    }

    /// Parses the text; a YAML file can hold several documents.
    func documents() throws -> [Any] {
        do {
            if name.hasSuffix(".json") { return [try JSONSerialization.jsonObject(with: Data(text.utf8))] }
            if Self.isUnit(name) { return [settings] }
            if Self.isQuery(name) { return [text] }
            var documents: [Any] = []
            let parser = try Parser(yaml: text)
            while let root = try parser.nextRoot() {
                if !(root.any is NSNull) { documents.append(root.any) }
            }
            return documents
        } catch {
            throw DeploymentError(
                what: name, reason: "the rendered file does not parse: \(error)",
                advice: "Check the values that you gave with --set.")
        }
    }

    /// Checks a value and everything inside it.
    private func validate(_ value: Any, at path: String) throws {
        switch value {
        case let fields as [String: Any]:
            for (key, value) in fields { try validate(value, at: path.isEmpty ? key : "\(path).\(key)") }
        case let items as [Any]:
            for (index, item) in items.enumerated() { try validate(item, at: "\(path)[\(index)]") }
        case let text as String:
            try validate(text, at: path)
        default: break
        }
    }

    /// Checks one string of the file.
    private func validate(_ text: String, at path: String) throws {
        // GitHub's own expressions have two braces, and systemd reads two dollar signs as one.
        let own = text.replacing("${{", with: "").replacing("$${", with: "")
        guard !Array(own.utf8).contains(Array("${".utf8)) else {
            throw DeploymentError(
                what: name, reason: "\(path) is '\(text)', which contains a variable without a value",
                advice: "Add its value with --set.")
        }
        if path.lowercased().contains("probe"), path.hasSuffix(".path"), text.hasSuffix("z") {
            throw DeploymentError(
                what: name, reason: "\(path) is \(text), but Cloud Run reserves some paths that end in z",
                advice: "Use /health/ready and /health/live.")
        }
    }
}

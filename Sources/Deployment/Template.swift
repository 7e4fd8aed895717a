import Foundation

/// A file with `${NAME}` and `${NAME:-default}` in it, as a shell has them.
public struct Template: Sendable {
    private let text: String
    private let name: String

    /// - Parameter name: the file's, for errors.
    public init(_ text: String, named name: String) {
        self.text = text
        self.name = name
    }

    private static var placeholder: Regex<(Substring, Substring, Substring?)> {
        /\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/
    }

    /// The names in it, in order; those without a default are required.
    public var variables: [(name: String, isRequired: Bool)] {
        var seen: Set<Substring> = []
        return text.matches(of: Self.placeholder).compactMap { match in
            seen.insert(match.1).inserted ? (String(match.1), match.2 == nil) : nil
        }
    }

    /// The text with every name replaced.
    ///
    /// - Parameter given: the names that the user gave, each of which must be in it.
    /// - Throws: an error naming all that have no value, or that are not in it.
    public func render(_ values: [String: String], given: Set<String> = []) throws(DeploymentError) -> String {
        if let unknown = given.subtracting(variables.map(\.name)).sorted().first {
            throw DeploymentError(
                what: "--set \(unknown)=…", reason: "\(name) has no such name",
                advice: "It has \(variables.map(\.name).joined(separator: ", ")).")
        }
        let missing = variables.filter { $0.isRequired && values[$0.name] == nil }.map(\.name)
        guard missing.isEmpty else {
            throw DeploymentError(
                what: name, reason: "it needs a value for \(missing.joined(separator: ", "))",
                advice: "Give \(missing.map { "--set \($0)=…" }.joined(separator: " ")).")
        }
        for (key, value) in values where value.contains(where: { $0.isNewline || $0 == "\"" || $0 == "\\" }) {
            throw DeploymentError(
                what: "\(key)='\(value)'", reason: "a quote, a backslash or a new line would break out of its place",
                advice: "Give a plain value.")
        }
        return text.replacing(Self.placeholder) { values[String($0.1)] ?? String($0.2 ?? "") }
    }
}

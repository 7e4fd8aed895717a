import Foundation

/// A text file with variables in the notation of a shell: `${NAME}` and `${NAME:-default}`.
public struct Template: Sendable {
    private let text: String
    private let name: String

    /// Creates a template.
    ///
    /// - Parameters:
    ///   - text: The contents of the file.
    ///   - name: The name of the file, for errors.
    public init(_ text: String, named name: String) {
        self.text = text
        self.name = name
    }

    /// Matches one variable, and captures its name and its default.
    private static var placeholder: Regex<(Substring, Substring, Substring?)> {
        /\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/
    }

    /// The variables of the template, each once and in order; those without a default are required.
    public var variables: [(name: String, isRequired: Bool)] {
        var seen: Set<Substring> = []
        return text.matches(of: Self.placeholder).compactMap { match in
            seen.insert(match.1).inserted ? (String(match.1), match.2 == nil) : nil
        }
    }

    /// Returns the text with every variable replaced by its value or its default.
    ///
    /// Values are inserted as they are; variables inside a value are not replaced.
    ///
    /// - Parameters:
    ///   - values: The values by the name of their variable; names that the template does not use are ignored.
    ///   - given: The names that the user has set, each of which the template must use.
    /// - Returns: The filled-in text.
    /// - Throws: `DeploymentError` if `given` contains an unknown name, if required variables have no value, or if a
    ///   value contains a character that could change the structure of the file.
    public func render(_ values: [String: String], given: Set<String> = []) throws(DeploymentError) -> String {
        if let unknown = given.subtracting(variables.map(\.name)).sorted().first {
            throw DeploymentError(
                what: "--set \(unknown)=…", reason: "\(name) has no variable with this name",
                advice: "Its variables are \(variables.map(\.name).joined(separator: ", ")).")
        }
        let missing = variables.filter { $0.isRequired && values[$0.name] == nil }.map(\.name)
        guard missing.isEmpty else {
            throw DeploymentError(
                what: name, reason: "no value was given for \(missing.joined(separator: ", "))",
                advice: "Add \(missing.map { "--set \($0)=…" }.joined(separator: " ")).")
        }
        for (key, value) in values where value.contains(where: { $0.isNewline || $0 == "\"" || $0 == "\\" }) {
            throw DeploymentError(
                what: "\(key)='\(value)'",
                reason: "the value contains a quotation mark, a backslash or a line break, which could change the file",
                advice: "Use a value without these characters.")
        }
        return text.replacing(Self.placeholder) { values[String($0.1)] ?? String($0.2 ?? "") }
    }
}

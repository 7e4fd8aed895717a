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

    /// The variables of the template, each once and in order; those without a default are required.
    public var variables: [(name: String, isRequired: Bool)] {
        var seen: Set<String> = []
        return TemplatePiece.split(Array(text.unicodeScalars)[...]).compactMap { piece in
            guard case .variable(let name, let standard) = piece, seen.insert(name).inserted else { return nil }
            return (name, standard == nil)
        }
    }

    /// The defaults of the variables that have one, by name.
    public var defaults: [String: String] {
        let pieces = TemplatePiece.split(Array(text.unicodeScalars)[...])
        return pieces.reduce(into: [:]) { defaults, piece in
            guard case .variable(let name, let standard?) = piece, defaults[name] == nil else { return }
            defaults[name] = standard
        }
    }

    /// Returns the text with every variable replaced by its value or its default.
    ///
    /// Every value comes back from a parser of YAML or JSON exactly as it was given: as a number where the variable is
    /// one, such as `PORT`, and as text otherwise. Variables inside a value are not replaced.
    ///
    /// - Parameters:
    ///   - values: The values by the name of their variable; names that the template does not use are ignored.
    ///   - given: The names that the user has set, each of which the template must use.
    /// - Returns: The filled-in text.
    /// - Throws: `DeploymentError` if `given` contains an unknown name, if required variables have no value, or if the
    ///   value of a variable that is a number is not one.
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
        let isJSON = name.hasSuffix(".json")
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            try TemplateNumber(rawValue: key)?.check(value)
            // Azure wants numbers here; the other platforms also accept units, such as 500m.
            if isJSON, ["CPU", "MEMORY_GI"].contains(key) { try TemplateNumber.checkDecimal(value, of: key) }
        }
        func value(_ name: String, _ standard: String?) -> String { values[name] ?? standard ?? "" }
        if RenderedTemplate.isQuery(name) { return text }
        if isJSON { return JSONTemplate(value: value).render(text) }
        return RenderedTemplate.isUnit(name)
            ? UnitTemplate(value: value).render(text) : YAMLTemplate(value: value).render(text)
    }
}

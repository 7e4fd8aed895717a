/// What sends the telemetry.
public struct Resource: Equatable, Sendable {
    /// What it is, by the names of OpenTelemetry.
    let attributes: [Attribute]

    /// Describes the function.
    ///
    /// - Parameters:
    ///   - settings: What the user says about it.
    ///   - version: The version of Pinson.
    ///   - instance: The name of the instance, unless the user gives one.
    ///   - model: The name of the model.
    public init(_ settings: TelemetrySettings, version: String, instance: String, model: String) {
        var attributes = settings.resource
        let standard = [("service.version", version), ("service.instance.id", instance), ("pinson.model", model)]
        for (key, text) in standard where !attributes.contains(where: { $0.key == key }) {
            attributes.append(Attribute(key, text))
        }
        self.attributes = attributes
    }

    /// The text of an attribute, or an empty one.
    subscript(key: String) -> String { attributes.first { $0.key == key }?.value.text ?? "" }
}

public import Foundation

/// The description of a model file, in the form in which MLflow keeps models: a folder with a file `MLmodel`.
///
/// The flavour `pinson` names the model file. There is no Python code that could load it, so there is no flavour
/// `python_function`.
public struct ModelPackage: Sendable {
    /// The name of the model file in the folder.
    public static let file = "model.gguf"
    /// The name of the flavour.
    static let flavour = "pinson"

    /// The digest of the model file, as 64 hexadecimal digits.
    public var digest: String
    /// The size of the model file in bytes.
    public var bytes: Int64
    /// The family of the model, such as `linear`.
    public var family: String
    /// The labels.
    public var labels: [String]
    /// The version of Pinson that has written the file.
    public var version: String

    /// Describes a model file.
    ///
    /// - Parameters:
    ///   - path: The path of the model file.
    ///   - family: The family of the model, such as `linear`.
    ///   - labels: The labels.
    ///   - version: The version of Pinson.
    /// - Throws: `TrackingError.file` if the file cannot be read.
    public init(describing path: String, family: String, labels: [String], version: String) async throws {
        digest = try await fileDigest(path)
        bytes = try FilePart.size(of: path)
        self.family = family
        self.labels = labels
        self.version = version
    }

    /// The content of the file `MLmodel`.
    ///
    /// - Parameter created: The time at which the model was made.
    /// - Returns: YAML, in which each value has the form of JSON.
    public func document(created: Date) -> String {
        let inputs = #"[{"type": "string", "name": "text", "required": true}]"#
        let outputs =
            #"[{"type": "string", "name": "label", "required": true}, {"type": "double", "name": "score", "required": true}]"#
        let list = "[" + labels.map(quoted).joined(separator: ", ") + "]"
        return """
            flavors:
              \(Self.flavour):
                data: \(quoted(Self.file))
                family: \(quoted(family))
                labels: \(list)
                pinson_version: \(quoted(version))
                sha256: \(quoted(digest))
                size: \(bytes)
            model_size_bytes: \(bytes)
            saved_input_example_info:
              artifact_path: "input_example.json"
              pandas_orient: "split"
              type: "dataframe"
            signature:
              inputs: \(quoted(inputs))
              outputs: \(quoted(outputs))
              params: null
            utc_time_created: \(quoted(Self.text(created)))

            """
    }

    /// The value of the tag `mlflow.log-model.history` of a run with this model, by which MLflow's page links it.
    ///
    /// - Parameters:
    ///   - path: The folder among the artifacts of the run.
    ///   - created: The time at which the model was made.
    /// - Returns: JSON.
    public func history(at path: String, created: Date) -> String {
        let flavour = #"{"family": \#(quoted(family)), "sha256": \#(quoted(digest))}"#
        return #"[{"artifact_path": \#(quoted(path)), "flavors": {"\#(Self.flavour)": \#(flavour)}, "#
            + #""utc_time_created": \#(quoted(Self.text(created)))}]"#
    }

    private static func text(_ time: Date) -> String {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate, .withTime, .withColonSeparatorInTime, .withSpaceBetweenDateAndTime]
        return format.string(from: time)
    }

    /// The content of the file `input_example.json`: a table with one text, as pandas reads it.
    ///
    /// - Parameter text: A text that was made up, so that no text of a user is stored.
    /// - Returns: JSON.
    public static func example(_ text: String) -> String { #"{"columns": ["text"], "data": [["# + quoted(text) + "]]}" }
}

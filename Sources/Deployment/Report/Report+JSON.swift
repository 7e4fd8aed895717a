public import Foundation

extension Report {
    /// Returns the report as JSON, which can serve as a baseline later.
    ///
    /// - Returns: The JSON text.
    /// - Throws: `EncodingError` if a measurement is not finite.
    public func json() throws -> String { try JSONText.encode(self) }

    /// Reads a report that `json()` wrote.
    ///
    /// - Parameters:
    ///   - json: The contents of the file.
    ///   - name: The name of the file, for errors.
    /// - Throws: `DeploymentError` if the JSON is not a report, has an unknown schema, or contains an impossible size.
    public init(json: Data, named name: String) throws {
        let advice = "Create a report with `pinson check … --format json`."
        do {
            self = try JSONDecoder().decode(Report.self, from: json)
        } catch {
            throw DeploymentError(
                what: name, reason: "the file is not a valid report: \(DecodingReason.describe(error))", advice: advice)
        }
        // Numbers below 2^60 convert to Int64 and back without a trap.
        if let wrong = measurements.numbers.first(where: { !($0.value.isFinite && 0..<0x1p60 ~= $0.value) }) {
            throw DeploymentError(
                what: name, reason: "'measurement.numbers.\(wrong.key)' is \(wrong.value), which is not a valid size",
                advice: advice)
        }
        guard schema == 1 else {
            throw DeploymentError(
                what: name, reason: "the schema is \(schema), but this version of pinson reads only schema 1",
                advice: advice)
        }
    }
}

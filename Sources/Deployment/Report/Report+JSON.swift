public import Foundation

extension Report {
    /// The report as it can be read again, as a baseline too.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// - Parameter name: the file's, for errors.
    public init(json: Data, named name: String) throws {
        do {
            self = try JSONDecoder().decode(Report.self, from: json)
        } catch {
            throw DeploymentError(
                what: name, reason: "it does not read as a report: \(Targets.reason(error))",
                advice: "Write one with `pinson check … --format json`.")
        }
        guard measurement.numbers.values.allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 0x1p60 }) else {
            throw DeploymentError(what: name, reason: "a number in it is no size", advice: "Write it again.")
        }
        guard schema == 1 else {
            throw DeploymentError(what: name, reason: "its schema is \(schema), known is 1", advice: "Write it again.")
        }
    }
}

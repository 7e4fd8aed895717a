import Foundation

extension Configuration {
    /// The numbers of labels that config.json may give without their names.
    private static let labelCounts = 2...(1 << 16)

    /// The labels of a classifier, in the order of their ids.
    ///
    /// Transformers leaves out `id2label` if the labels have their default names, and `num_labels` if there are two.
    ///
    /// - Source: `PretrainedConfig` of Hugging Face transformers.
    static func labels(_ file: JSONFile) throws -> [String] {
        guard let found = file.object["id2label"], !(found is NSNull) else { return try defaultLabels(file) }
        guard let names = found as? [String: String] else {
            throw PackagingError.malformed(
                path: file.path, reason: "has an \"id2label\" that is not an object from ids to names")
        }
        let labels = (0..<names.count).compactMap { names["\($0)"] }
        guard labels.count == names.count, labels.count >= 2, Set(labels).count == labels.count else {
            throw PackagingError.malformed(
                path: file.path,
                reason:
                    "has the ids \(names.keys.sorted()) in \"id2label\", expected 0, 1, … with at least two distinct names"
            )
        }
        return labels
    }

    private static func defaultLabels(_ file: JSONFile) throws -> [String] {
        var count = 2
        if let found = file.object["num_labels"], !(found is NSNull) {
            guard let number = found as? Int, labelCounts.contains(number) else {
                throw PackagingError.unsupported(
                    path: file.path, what: "\"num_labels\"", found: "'\(found)'",
                    expected: "\(labelCounts.lowerBound) to \(labelCounts.upperBound)")
            }
            count = number
        }
        return (0..<count).map { "LABEL_\($0)" }
    }

    /// The labels that the user gives for the same ids as `known`.
    static func labels(_ names: [String], insteadOf known: [String], path: String) throws -> [String] {
        guard names.count == known.count, Set(names).count == names.count, !names.contains(""), !known.isEmpty else {
            throw PackagingError.invalidLabels(path: path, found: names, known: known)
        }
        return names
    }
}

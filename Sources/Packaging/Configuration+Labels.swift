internal import JSON
import ModelFile

extension Configuration {
    /// The numbers of labels that a model may have.
    private static let labelCounts = 2...ModelFile.maximumElements

    /// The labels of a classifier, in the order of their ids.
    ///
    /// Transformers leaves out `id2label` if the labels have their default names, and `num_labels` if there are two.
    ///
    /// - Source: `PretrainedConfig` of Hugging Face transformers.
    static func labels(_ file: JSONFile) throws -> [String] {
        guard let found = file["id2label"] else { return try defaultLabels(file) }
        var names: [String: String] = [:]
        for member in found.members ?? [] { names[member.key] = member.value.string }
        guard names.count == found.members?.count else {
            throw PackagingError.malformed(
                path: file.path, reason: "has an \"id2label\" that is not an object from ids to names")
        }
        guard names.count <= labelCounts.upperBound else {
            throw PackagingError.unsupported(
                path: file.path, what: "the number of labels", found: "\(names.count)",
                expected: "at most \(labelCounts.upperBound)")
        }
        let labels = (0..<names.count).compactMap { names["\($0)"] }
        guard labels.count == names.count, labels.count >= 2, Set(labels).count == labels.count else {
            throw PackagingError.malformed(
                path: file.path,
                reason:
                    "has the ids \(names.keys.sorted().prefix(20)) in \"id2label\", expected 0, 1, … with at least two distinct names"
            )
        }
        return labels
    }

    private static func defaultLabels(_ file: JSONFile) throws -> [String] {
        var count = 2
        if let found = file["num_labels"] {
            guard let number = found.integer, labelCounts.contains(number) else {
                throw PackagingError.unsupported(
                    path: file.path, what: "\"num_labels\"", found: "'\(found.summary)'",
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

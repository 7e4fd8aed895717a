import ArgumentParser
import Foundation
import Tracking
import Training

/// A file of validated reports, as `pinson feedback validate` writes it.
struct ReportFile {
    let reports: [ValidatedReport]
    /// The SHA-256 of the file, as 64 hexadecimal digits.
    let digest: String

    /// Reads the file, and checks it against its lineage if there is one beside it.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - labels: The labels of the model.
    /// - Throws: `DataError` if the file cannot be read or has a label that the model does not know, and
    ///   `ValidationError` if a report has no identifier, occurs twice, or the file was changed after it was validated.
    init(_ path: String, labels: [String]) async throws {
        digest = try await fileDigest(path)
        try Self.checkLineage(of: path, digest)
        var reader = try TweetReader(path: path)
        var reports: [ValidatedReport] = []
        var seen: Set<String> = []
        while let row = try reader.next() {
            let tweet = try row.get()
            guard let label = tweet.label else { throw DataError.missingLabel(path: path, line: tweet.line) }
            guard labels.contains(label) else {
                throw DataError.unknownLabel(path: path, line: tweet.line, label: label, known: labels)
            }
            guard let id = tweet.field("id"), !id.isEmpty else {
                throw ValidationError(
                    "\(path), line \(tweet.line): the report has no identifier. "
                        + "Expected a column 'id', as 'pinson feedback validate' writes it.")
            }
            guard seen.insert(id).inserted else {
                throw ValidationError(
                    "\(path), line \(tweet.line): the report '\(id)' occurs twice. Remove one of them.")
            }
            reports.append(ValidatedReport(id: id, text: tweet.text, label: label, time: tweet.field("time") ?? ""))
        }
        self.reports = reports
    }

    private static func checkLineage(of path: String, _ digest: String) throws {
        struct Lineage: Decodable { var sha256: String }
        let file = "\(path).lineage.json"
        guard let data = FileManager.default.contents(atPath: file) else {
            return say("\(path): there is no \(file) beside it, so nobody can tell where the reports come from")
        }
        guard let lineage = try? JSONDecoder().decode(Lineage.self, from: data) else {
            throw ValidationError(
                "\(file): expected a JSON object with the key \"sha256\". Validate the reports again.")
        }
        guard lineage.sha256.hasSuffix(digest) else {
            throw ValidationError(
                "\(path): its SHA-256 is \(digest), but \(file) says \(lineage.sha256). "
                    + "The file was changed after it was validated. Write it again with 'pinson feedback validate'.")
        }
    }
}

extension Tweet {
    /// The value of a column, or nil if the row does not have it.
    fileprivate func field(_ name: String) -> String? {
        switch fields.first(where: { $0.name == name })?.value {
        case .text(let text): text
        case .json(let source): try? JSONDecoder().decode(String.self, from: Data(source))
        case nil: nil
        }
    }
}

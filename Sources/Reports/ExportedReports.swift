import Crypto
public import Feedback
import Foundation
import JSON

/// Reports of a file that `feedback export` has written, or of the folder into which functions write them.
public struct ExportedReports: Sendable {
    /// The reports, in the order of the file.
    public let records: [FeedbackRecord]
    /// The SHA-256 of the file in hexadecimal digits; of a folder, that of its reports as JSON Lines.
    public let digest: String
    /// What was left out, one sentence a problem.
    public let problems: [String]

    /// Reads reports.
    ///
    /// A folder is a volume of the function. A file is JSON Lines if its first character is `{`, and CSV otherwise.
    ///
    /// - Parameter path: A file or a folder.
    /// - Throws: `ReportError` if the file cannot be read, or if a line is not a report, and `FileError` if the folder
    ///   cannot be read.
    public init(reading path: String) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            self.init(try FeedbackArchive(reading: FolderVolume(path: path)))
        } else {
            let bytes = try InputFile.bytes(path)
            let first = bytes.drop { [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }.first
            let records = try first == UInt8(ascii: "{") ? Self.lines(bytes, path) : Self.table(bytes, path)
            self.init(records, digest: Self.digest(bytes), problems: [])
        }
    }

    /// Takes what a volume holds.
    ///
    /// - Parameter archive: The reports of the volume.
    public init(_ archive: FeedbackArchive) {
        var writer = JSONWriter()
        for record in archive.records {
            writer.value(record.json)
            writer.endLine()
        }
        let problems = archive.damaged.map { file, lines in
            "\(file): \(lines == 1 ? "1 line is" : "\(lines) lines are") damaged and left out"
        }
        self.init(archive.records, digest: Self.digest(writer.bytes), problems: problems)
    }

    private init(_ records: [FeedbackRecord], digest: String, problems: [String]) {
        (self.records, self.digest, self.problems) = (records, digest, problems)
    }

    private static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: Data(bytes)).map { String(format: "%02x", $0) }.joined()
    }

    private static func lines(_ bytes: [UInt8], _ path: String) throws(ReportError) -> [FeedbackRecord] {
        var records: [FeedbackRecord] = []
        for (number, line) in InputFile.lines(bytes) {
            let place = "\(path):\(number)"
            let json: JSON
            do { json = try JSON(parsing: line) } catch {
                throw ReportError(place, "this line is not JSON: \(error)", "Export the reports again.")
            }
            records.append(try ReportFields(json).record(place))
        }
        return records
    }

    private static func table(_ bytes: [UInt8], _ path: String) throws(ReportError) -> [FeedbackRecord] {
        let table = try DelimitedTable(bytes, path: path)
        var records: [FeedbackRecord] = []
        for row in table.rows {
            let values = Dictionary(zip(table.header, row.fields.map(JSON.string))) { $1 }
            records.append(try ReportFields(values).record("\(path):\(row.line)"))
        }
        return records
    }
}

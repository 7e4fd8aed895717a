internal import JSON
import ModelFile
import Text

/// Reads the parts of an export, and says which one is wrong.
struct ExportReader {
    let path: String
    private let archive: ZipArchive
    private let description: JSON

    init(path: String, _ archive: ZipArchive, description: [UInt8]) throws(PackagingError) {
        self.path = path
        self.archive = archive
        do { self.description = try JSON(parsing: description) } catch {
            throw .damagedExport(path: path, reason: "has a 'model.json' that is not valid JSON: \(error)")
        }
    }

    subscript(key: String) -> JSON? { description.value(key) }

    func damaged(_ reason: String) -> PackagingError { .damagedExport(path: path, reason: reason) }

    private func wrong(_ key: String, _ expected: String) -> PackagingError {
        damaged("has a 'model.json' whose \"\(key)\" is not \(expected)")
    }

    func string(_ key: String) throws(PackagingError) -> String {
        guard let value = self[key]?.string else { throw wrong(key, "a string") }
        return value
    }

    func bool(_ key: String) throws(PackagingError) -> Bool {
        guard let value = self[key]?.bool else { throw wrong(key, "a boolean") }
        return value
    }

    func elements(_ key: String) throws(PackagingError) -> [JSON] {
        guard let values = self[key]?.elements else { throw wrong(key, "an array") }
        return values
    }

    func strings(_ key: String) throws(PackagingError) -> [String] {
        guard let strings = Self.strings(self[key]) else { throw wrong(key, "an array of strings") }
        return strings
    }

    private static func strings(_ json: JSON?) -> [String]? {
        guard let values = json?.elements else { return nil }
        let strings = values.compactMap(\.string)
        return strings.count == values.count ? strings : nil
    }

    /// Reads an array of finite numbers.
    func array(_ name: String, shape: [Int]) throws(PackagingError) -> [Double] {
        guard let bytes = try archive.contents("\(name).npy") else { throw damaged("has no entry '\(name).npy'") }
        let array: NumPyArray
        do { array = try NumPyArray(bytes) } catch { throw damaged("has the entry '\(name).npy', which \(error.text)") }
        guard array.shape == shape else {
            throw damaged("has the array '\(name)' of the shape \(array.shape), expected \(shape)")
        }
        guard array.values.allSatisfy(\.isFinite) else {
            throw damaged("has a value in the array '\(name)' that is not a finite number")
        }
        return array.values
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(PackagingError) -> Int {
        guard let value = self[key]?.integer, range.contains(value) else {
            throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A string that names a case of `Value`.
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: String) throws(PackagingError) -> Value {
        guard let value = Value(rawValue: try string(key)) else {
            throw wrong(key, "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    func labels() throws(PackagingError) -> [String] {
        let labels = try strings("labels")
        guard labels.count >= 2, Set(labels).count == labels.count, !labels.contains("") else {
            throw damaged("has labels that are not at least two distinct names")
        }
        return labels
    }

    func examples(outputs: Int) throws(PackagingError) -> [ExportedAnswer] {
        var examples: [ExportedAnswer] = []
        for json in try elements("examples") {
            let values = (json.value("outputs")?.elements ?? []).compactMap(\.number)
            guard let text = json.value("text")?.string, values.count == outputs else {
                throw wrong("examples", "an array of texts with \(outputs) outputs each")
            }
            examples.append(ExportedAnswer(text: text, outputs: values))
        }
        return examples
    }

    func block(_ json: JSON, at index: Int, outputs: Int) throws(PackagingError) -> ScikitLearnExport.Block {
        func wrong(_ key: String) -> PackagingError {
            damaged(
                "has a block \(index) whose \"\(key)\" is \(json[key]?.summary ?? "missing"), which Pinson does not know"
            )
        }
        guard let unit = json.value("unit")?.string, NgramBlock.Unit(rawValue: unit) != nil else { throw wrong("unit") }
        let lengths = (json.value("lengths")?.elements ?? []).compactMap(\.integer)
        guard lengths.count == 2, let ngrams = NgramBlock("\(unit):\(lengths[0])-\(lengths[1])") else {
            throw wrong("lengths")
        }
        guard let counting = LinearModelSchema.Counting(rawValue: json.value("counting")?.string ?? "") else {
            throw wrong("counting")
        }
        let norms: [String: LinearModelSchema.Norm] = ["l2": .euclidean, "l1": .absolute]
        let norm = json.value("norm").flatMap { norms[$0.string ?? ""] }
        guard norm != nil || json.value("norm") == nil else { throw wrong("norm") }
        guard let usesFrequency = json.value("idf")?.bool else { throw wrong("idf") }
        guard let terms = Self.strings(json.value("terms")), !terms.isEmpty else {
            throw damaged("has a block \(index) whose \"terms\" are not an array of strings")
        }
        return ScikitLearnExport.Block(
            ngrams: ngrams, terms: terms, counting: counting, norm: norm,
            frequencies: usesFrequency ? try array("idf.\(index)", shape: [terms.count]) : nil,
            weights: try array("weight.\(index)", shape: [terms.count, outputs]))
    }
}

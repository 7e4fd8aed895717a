import Foundation
internal import JSON
import ModelFile

/// How tokenizer.json changes a text before Unigram, as far as Pinson can do the same.
struct UnigramNormalization {
    /// The table that maps characters; empty if it maps none.
    private(set) var characters: [UInt8] = []
    let words: UnigramRules.Words
    /// Whether the steps of ALBERT come first, which are a part of the table.
    let isAlbert: Bool

    init(_ file: JSONFile) throws {
        func kinds(_ key: String, _ list: String) -> [JSON] {
            guard let part = file[key] else { return [] }
            return part["type"]?.string == "Sequence" ? part[list]?.elements ?? [] : [part]
        }
        func names(_ parts: [JSON]) -> String { parts.map { $0["type"]?.summary ?? "?" }.joined(separator: ", ") }
        var changes = kinds("normalizer", "normalizers")
        let albert = Self.removeAlbert(from: &changes)
        isAlbert = albert != nil
        if changes.first?["type"]?.string == "Precompiled" {
            let text = changes.removeFirst()["precompiled_charsmap"]?.string ?? ""
            guard let table = Data(base64Encoded: text), !table.isEmpty else {
                throw PackagingError.malformed(path: file.path, reason: "has a table of characters that is not Base64")
            }
            characters = Array(table)
        }
        if let albert { characters = AlbertCharacters.table(characters, lowercases: albert.lowercases) }
        let splitters = kinds("pre_tokenizer", "pretokenizers")
        let isStandard =
            !isAlbert && changes.count == 2 && changes[0]["strip_left"]?.bool == false
            && changes[0]["strip_right"]?.bool == true
            && changes[1]["pattern"]?["Regex"]?.string == " {2,}" && changes[1]["content"]?.string == "▁"
        switch (names(changes), names(splitters)) {
        case ("", "WhitespaceSplit, Metaspace"): words = .whiteSpace
        case ("Strip, Replace", "Metaspace") where isStandard: words = .spaces
        case ("Replace", "Metaspace") where isAlbert && changes[0].replaces(regex: " {2,}", by: " "):
            words = .allSpaces
        case ("Replace", "WhitespaceSplit, Metaspace") where isAlbert && changes[0].replaces(regex: " {2,}", by: " "):
            words = .whiteSpace
        case (let found, let splitter):
            throw file.unsupported(
                "the chain of normalizers and pre-tokenizers of a Unigram model", "\(found); \(splitter)",
                "that of XLM-R or ALBERT")
        }
        let mark = splitters.last ?? [:]
        guard mark["replacement"]?.string == "▁", mark["split"]?.bool ?? true,
            mark["prepend_scheme"]?.string ?? (mark["add_prefix_space"]?.bool == false ? "never" : "always") == "always"
        else { throw file.unsupported("the Metaspace pre-tokenizer", mark.summary, "'▁' before every word") }
    }

    private struct Albert {
        var lowercases: Bool
    }

    /// Removes the steps of ALBERT that come before the table of characters, or returns nil if there are none.
    private static func removeAlbert(from changes: inout [JSON]) -> Albert? {
        guard changes.count >= 4, changes[0].replaces(text: "``", by: "\""), changes[1].replaces(text: "''", by: "\""),
            changes[2]["type"]?.string == "NFKD", changes[3]["type"]?.string == "StripAccents"
        else { return nil }
        changes.removeFirst(4)
        guard changes.first?["type"]?.string == "Lowercase" else { return Albert(lowercases: false) }
        changes.removeFirst()
        return Albert(lowercases: true)
    }
}

extension JSON {
    fileprivate func replaces(text: String, by content: String) -> Bool {
        self["type"]?.string == "Replace" && self["pattern"]?["String"]?.string == text
            && self["content"]?.string == content
    }

    fileprivate func replaces(regex: String, by content: String) -> Bool {
        self["type"]?.string == "Replace" && self["pattern"]?["Regex"]?.string == regex
            && self["content"]?.string == content
    }
}

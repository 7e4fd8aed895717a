/// The table of SentencePiece that replaces characters, used directly in the form in which its models store it.
///
/// The table begins with a `u32`, the size of a double array in bytes. The array follows, in `u32`, and then the
/// replacements, each of which ends in a zero. Characters are replaced as Hugging Face `tokenizers` does: a whole grapheme
/// cluster is looked up if it has fewer than six bytes, and the shortest entry that it begins with replaces all of it. Only
/// without such an entry are its code points looked up. SentencePiece itself takes the longest entry at each place.
/// A table that was made of several steps has entries for code points alone, and clusters are not looked up.
///
/// The table is not trusted: whatever it contains, a search stays inside it.
///
/// - Source: `normalizer.cc` of SentencePiece; `spm_precompiled` of Hugging Face; Darts-clone, `darts.h`.
public struct CharacterMap {
    /// The most bytes of a replacement that are read.
    private static let longest = 255

    private let units: UnsafeRawBufferPointer
    private let replacements: UTF8Bytes
    private let looksUpClusters: Bool

    /// Creates a view of a table; nothing is copied.
    ///
    /// - Parameters:
    ///   - table: the table. The memory must outlive the view. It maps nothing if it is not valid.
    ///   - looksUpClusters: whether whole grapheme clusters are looked up before code points.
    public init(_ table: UnsafeRawBufferPointer, looksUpClusters: Bool = true) {
        self.looksUpClusters = looksUpClusters
        let size = table.count >= 4 ? Int(UInt32(littleEndian: table.loadUnaligned(as: UInt32.self))) : 0
        let end = min(table.count, 4 + size)
        units = UnsafeRawBufferPointer(rebasing: table[min(4, end)..<end])
        replacements = UnsafeRawBufferPointer(rebasing: table[end...]).bindMemory(to: UInt8.self)
    }

    /// Returns a text in UTF-8 with its characters replaced.
    ///
    /// - Parameter text: the text.
    /// - Returns: the new text.
    public func replaced(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        text.withUnsafeBufferPointer { append($0, to: &output) }
        return output
    }

    /// Appends a text with its characters replaced.
    func append(_ text: UTF8Bytes, to output: inout [UInt8]) {
        guard looksUpClusters else { return appendCodePoints(text, to: &output) }
        var start = 0
        while start < text.count {
            // Two neighbours in ASCII belong to different clusters, with one exception.
            var end = start + 1
            while end < text.count, text[end - 1] | text[end] >= 0x80 || text[end - 1] == 0x0D && text[end] == 0x0A {
                end += 1
            }
            if end == start + 1 {
                appendCluster(UTF8Bytes(rebasing: text[start..<end]), to: &output)
            } else {
                for cluster in String(decoding: text[start..<end], as: UTF8.self) {
                    var cluster = String(cluster)
                    cluster.withUTF8 { appendCluster($0, to: &output) }
                }
            }
            start = end
        }
    }

    private func appendCluster(_ cluster: UTF8Bytes, to output: inout [UInt8]) {
        if cluster.count < 6, let replacement = replacement(of: cluster) {
            return output.append(contentsOf: replacement)
        }
        appendCodePoints(cluster, to: &output)
    }

    private func appendCodePoints(_ text: UTF8Bytes, to output: inout [UInt8]) {
        var start = 0
        while start < text.count {
            let character = UTF8Bytes(rebasing: text[start..<start + text.codePoint(at: start).length])
            output.append(contentsOf: replacement(of: character) ?? character)
            start += character.count
        }
    }

    /// Returns the replacement of the shortest entry that `text` begins with, or nil if there is none.
    private func replacement(of text: UTF8Bytes) -> UTF8Bytes? {
        guard var unit = unit(at: 0) else { return nil }
        var node = unit.offset
        for byte in text where byte != 0 {
            node ^= Int(byte)
            guard let next = self.unit(at: node), next.label == UInt32(byte) else { return nil }
            unit = next
            node ^= unit.offset
            if unit.hasLeaf { return self.unit(at: node).flatMap { replacement(at: $0.value) } }
        }
        return nil
    }

    private func replacement(at start: Int) -> UTF8Bytes? {
        guard start < replacements.count else { return nil }
        let tail = replacements[start..<min(start + Self.longest, replacements.count)]
        return UTF8Bytes(rebasing: tail[..<(tail.firstIndex(of: 0) ?? tail.endIndex)])
    }

    @inline(__always)
    private func unit(at index: Int) -> Unit? {
        guard index >= 0, index < units.count / 4 else { return nil }
        return Unit(bits: UInt32(littleEndian: units.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
    }

    /// An element of the double array.
    private struct Unit {
        let bits: UInt32

        var hasLeaf: Bool { bits >> 8 & 1 != 0 }
        var value: Int { Int(bits & 0x7FFF_FFFF) }
        var label: UInt32 { bits & 0x8000_00FF }
        var offset: Int { Int(bits >> 10) << Int((bits & 0x200) >> 6) }
    }
}

/// Writes a table of characters in the form of SentencePiece, which `CharacterMap` reads.
///
/// Its double array has one element for each part of a key: the base of the element, exclusive-or a byte, is the position of
/// the element for the key that continues with this byte, and zero stands for the end of a key.
///
/// - Source: Darts-clone, `darts.h`.
struct CharacterTable {
    /// Elements are added in blocks of 256, so that those of a base are in one block.
    private var units = [UInt32](repeating: 0, count: 256)
    private var isFree = [false] + [Bool](repeating: true, count: 255)
    private var usedBases: Set<Int> = [0]
    private var lowestFree = 1
    private var replacements: [UInt8] = []

    /// Writes a table.
    ///
    /// - Parameter entries: The replacements of code points, none of which is U+0000.
    /// - Returns: The bytes of the table.
    static func bytes(_ entries: [(from: Unicode.Scalar, to: [UInt8])]) -> [UInt8] {
        var table = Self()
        var places: [[UInt8]: Int] = [:]
        let keys = entries.map { from, to in
            let place = places[to] ?? table.replacements.count
            if places.updateValue(place, forKey: to) == nil { table.replacements += to + [0] }
            return Key(bytes: Array(String(from).utf8), place: place)
        }
        let sorted = keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        table.place(sorted[...], depth: 0, at: 0)
        return littleEndianBytes([UInt32(table.units.count * 4)] + table.units) + table.replacements
    }

    private struct Key {
        var bytes: [UInt8]
        /// Where the replacement starts.
        var place: Int

        func label(at depth: Int) -> UInt8 { depth < bytes.count ? bytes[depth] : 0 }
    }

    /// Places what follows the first `depth` bytes, which all keys share, and which lead to the element at `index`.
    private mutating func place(_ keys: ArraySlice<Key>, depth: Int, at index: Int) {
        let groups = keys.chunked { $0.label(at: depth) == $1.label(at: depth) }
        guard let first = groups.first?.first else { return }
        let labels = groups.compactMap { $0.first.map { Int($0.label(at: depth)) } }
        let base = freeBase(for: labels)
        units[index] |= UInt32(index ^ base) << 10
        for label in labels {
            isFree[base ^ label] = false
            if label > 0 { units[base ^ label] = UInt32(label) }
        }
        for (label, group) in zip(labels, groups) where label > 0 {
            place(group, depth: depth + 1, at: base ^ label)
        }
        if first.label(at: depth) == 0 {
            units[index] |= 1 << 8
            units[base] = 1 << 31 | UInt32(first.place)
        }
    }

    /// A base that no other element has, and whose elements for `labels` are free.
    private mutating func freeBase(for labels: [Int]) -> Int {
        while lowestFree < isFree.count, !isFree[lowestFree] { lowestFree += 1 }
        var position = lowestFree
        while true {
            while position >= isFree.count {
                isFree += repeatElement(true, count: 256)
                units += repeatElement(0, count: 256)
            }
            let base = position ^ labels[0]
            if isFree[position], !usedBases.contains(base), labels.allSatisfy({ isFree[base ^ $0] }) {
                usedBases.insert(base)
                return base
            }
            position += 1
        }
    }

}

extension ArraySlice {
    /// Cuts the slice wherever two neighbours do not belong together.
    fileprivate func chunked(_ belong: (Element, Element) -> Bool) -> [Self] {
        var (chunks, start): ([Self], Int) = ([], startIndex)
        for index in indices.dropFirst() where !belong(self[index - 1], self[index]) {
            chunks.append(self[start..<index])
            start = index
        }
        return isEmpty ? [] : chunks + [self[start...]]
    }
}

/// Counts in how many texts each n-gram occurs.
///
/// It is a hash table with open addressing. A hash of 64 bits stands for an n-gram, so no text is kept.
struct NgramCounter {
    private var hashes: [UInt64]
    private var texts: [Int32]
    private var lastText: [Int32]
    private(set) var count = 0

    init() {
        hashes = Array(repeating: 0, count: 1 << 16)
        texts = Array(repeating: 0, count: hashes.count)
        lastText = Array(repeating: -1, count: hashes.count)
    }

    /// Counts an n-gram of a text, unless the same text has had it before.
    ///
    /// - Parameters:
    ///   - hash: The hash of the n-gram.
    ///   - text: The index of the text. Texts come one after the other.
    mutating func add(_ hash: UInt64, text: Int32) {
        if 2 * count >= hashes.count { grow() }
        let place = place(of: hash)
        if texts[place] == 0 {
            hashes[place] = hash
            count += 1
        } else if lastText[place] == text {
            return
        }
        lastText[place] = text
        texts[place] += 1
    }

    /// Adds the counts of other texts.
    mutating func add(_ other: NgramCounter) {
        for index in other.hashes.indices where other.texts[index] > 0 {
            if 2 * count >= hashes.count { grow() }
            let place = place(of: other.hashes[index])
            if texts[place] == 0 {
                hashes[place] = other.hashes[index]
                count += 1
            }
            texts[place] += other.texts[index]
        }
    }

    /// The n-grams that occur in some number of texts, in the order of their hashes.
    ///
    /// - Parameter range: The number of texts.
    /// - Returns: The hashes, and the number of texts of each.
    func ngrams(in range: ClosedRange<Int>) -> [(hash: UInt64, texts: Int32)] {
        var found: [(hash: UInt64, texts: Int32)] = []
        for index in hashes.indices where texts[index] > 0 && range.contains(Int(texts[index])) {
            found.append((hashes[index], texts[index]))
        }
        return found.sorted { $0.hash < $1.hash }
    }

    private func place(of hash: UInt64) -> Int {
        let mask = hashes.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while texts[place] > 0, hashes[place] != hash { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = self
        hashes = Array(repeating: 0, count: old.hashes.count * 2)
        texts = Array(repeating: 0, count: hashes.count)
        lastText = Array(repeating: -1, count: hashes.count)
        for index in old.hashes.indices where old.texts[index] > 0 {
            let place = place(of: old.hashes[index])
            hashes[place] = old.hashes[index]
            texts[place] = old.texts[index]
            lastText[place] = old.lastText[index]
        }
    }
}

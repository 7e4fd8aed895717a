/// Texts that go through a recurrent network together, word by word.
///
/// The longest text comes first, so the texts that have a word at some position are the first ones. The words lie position
/// by position: first those at position 0 of all texts, then those at position 1, and so on.
struct StepOrder {
    /// The number of each text, the longest first.
    let texts: [Int]
    /// The number of words of each text, in the order of `texts`.
    let lengths: [Int]
    /// The row of the first word at each position, and the number of rows at the end.
    let starts: [Int]
    /// The vector of each word.
    let ids: [Int32]

    /// Orders texts.
    ///
    /// - Parameters:
    ///   - all: The vectors of the words of all texts.
    ///   - texts: The numbers of some texts, the longest first.
    init(_ all: [[Int32]], _ texts: [Int]) {
        let lengths = texts.map { all[$0].count }
        var (starts, ids): ([Int], [Int32]) = ([0], [])
        ids.reserveCapacity(lengths.reduce(0, +))
        var active = texts.count
        for position in 0..<(lengths.first ?? 0) {
            while lengths[active - 1] <= position { active -= 1 }
            for place in 0..<active { ids.append(all[texts[place]][position]) }
            starts.append(ids.count)
        }
        (self.texts, self.lengths, self.starts, self.ids) = (texts, lengths, starts, ids)
    }

    /// The number of positions.
    var steps: Int { starts.count - 1 }

    /// The number of words.
    var rows: Int { ids.count }

    /// The number of texts that have a word at a position.
    func count(_ step: Int) -> Int { starts[step + 1] - starts[step] }

    /// Calls `body` with each row, and with the row at which the same word stands when all texts are read backwards.
    ///
    /// The same call also maps rows of the backward order to those of the forward order.
    func forEachMirror(_ body: (_ row: Int, _ mirror: Int) -> Void) {
        for place in texts.indices {
            for position in 0..<lengths[place] {
                body(starts[position] + place, starts[lengths[place] - 1 - position] + place)
            }
        }
    }
}

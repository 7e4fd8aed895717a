/// Texts that go through a recurrent network together, word by word and without padding.
///
/// The longest text comes first, so the texts that have a word at some position are the first ones. The words lie position
/// by position: first those at position 0 of all texts, then those at position 1, and so on.
struct TextSteps {
    /// The number of each text among those that were given, the longest first.
    let texts: [Int]
    /// The number of words of each text, in the order of `texts`.
    let lengths: [Int]
    /// The row of the first word at each position, and the number of rows at the end.
    let starts: [Int]
    /// The vector of each word.
    let ids: [Int32]
    /// The row of each word if its text is read backwards.
    ///
    /// It is also the row of the word that stands there, if the text is read forwards.
    let mirror: [Int]

    /// Orders texts.
    ///
    /// - Parameters:
    ///   - all: The vectors of the words of all texts.
    ///   - chosen: The numbers of the texts.
    init(_ all: [[Int32]], _ chosen: some Sequence<Int>) {
        let texts = chosen.enumerated().sorted {
            (all[$1.element].count, $0.offset) < (all[$0.element].count, $1.offset)
        }.map(\.element)
        let lengths = texts.map { all[$0].count }
        var (starts, ids): ([Int], [Int32]) = ([0], [])
        for position in 0..<(lengths.first ?? 0) {
            for text in texts where all[text].count > position { ids.append(all[text][position]) }
            starts.append(ids.count)
        }
        var mirror = [Int](repeating: 0, count: ids.count)
        for (place, length) in lengths.enumerated() {
            for position in 0..<length { mirror[starts[position] + place] = starts[length - 1 - position] + place }
        }
        (self.texts, self.lengths, self.starts, self.ids, self.mirror) = (texts, lengths, starts, ids, mirror)
    }

    /// The number of positions.
    var steps: Int { starts.count - 1 }

    /// The number of words.
    var rows: Int { ids.count }

    /// The number of texts that have a word at a position.
    func count(_ step: Int) -> Int { starts[step + 1] - starts[step] }

    /// The rows of the words of a text, in their order.
    func rows(of place: Int) -> LazyMapSequence<Range<Int>, Int> {
        (0..<lengths[place]).lazy.map { starts[$0] + place }
    }
}

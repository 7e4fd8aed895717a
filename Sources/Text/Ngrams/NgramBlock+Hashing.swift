extension NgramBlock {
    /// A number that distinguishes the n-grams of one block from those of another.
    static func seed(_ index: Int) -> UInt64 { UInt64(index + 1) }

    /// The hash that ``NgramScanner`` finds for an n-gram.
    ///
    /// - Parameters:
    ///   - ngram: The n-gram: characters as they stand in a text, or words with one space between neighbours.
    ///   - index: The index of the block among those of the scanner.
    /// - Returns: The hash.
    public func hash(of ngram: String, inBlock index: Int) -> UInt64 {
        let bytes = Array(ngram.utf8)
        guard unit != .character else { return Self.hash(bytes[...], index) }
        let words = bytes.split(separator: 0x20, omittingEmptySubsequences: false).map { Self.hash($0, index) }
        return words.dropFirst().reduce(words[0]) { NgramHash.appending($1, to: $0) }
    }

    private static func hash(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt64 {
        (bytes + [UInt8](repeating: 0, count: NgramHash.padding)).withUnsafeBytes {
            NgramHash.hash($0, 0..<bytes.count, seed: seed(index))
        }
    }
}

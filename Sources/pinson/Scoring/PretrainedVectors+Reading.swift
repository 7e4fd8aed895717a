import ArgumentParser
import Text
import Training

extension PretrainedVectors {
    /// Reads the vectors of the words that occur in texts, and says how many of them have one.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - texts: The texts.
    ///   - pipeline: The steps that change a text before it is split.
    ///   - unit: What a word is.
    /// - Throws: `VectorFileError` if the file cannot be read, and `ValidationError` if no word of the texts has a vector.
    init(path: String, of texts: [String], _ pipeline: TextPipeline, _ unit: NgramBlock.Unit) throws {
        let words = WordCounts(of: texts, pipeline, unit)
        try self.init(try VectorFile(path: path), of: words, unit)
        guard !hashes.isEmpty else {
            throw ValidationError(
                "\(path): none of the \(decimal(words.words.count)) words of the data has a vector. "
                    + "Choose the '--preset' that cleans texts like those that the vectors were made from.")
        }
        let known = words.words.reduce(0) { $0 + (range(of: $1.hash) == nil ? 0 : $1.count) }
        say(
            "\(path): \(width) dimensions; \(decimal(hashes.count)) of \(decimal(words.words.count)) words have a "
                + "vector, which are \(fixed(100 * Double(known) / Double(max(1, words.total)), 1)) % of the texts")
    }
}

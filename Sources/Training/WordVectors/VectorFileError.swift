/// A reason why a file of word vectors cannot be used.
public enum VectorFileError: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The file is compressed.
    case compressed(path: String)
    /// The first line is neither a header nor a word with numbers.
    case unknownFormat(path: String)
    /// The header has a number of numbers that is not accepted.
    case invalidWidth(path: String, width: Int)
    /// A vector is not as its format says.
    ///
    /// `number` counts vectors from 1.
    case malformed(path: String, number: Int, reason: String)
    /// The file has another number of vectors than its header says.
    case wrongCount(path: String, found: Int, expected: Int)
}

extension VectorFileError: CustomStringConvertible {
    /// The message for the user: where the problem is, what it is, and what to do about it.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
        case .compressed(let path): "\(path): the file is compressed with gzip. Decompress it first, with 'gunzip'."
        case .unknownFormat(let path):
            "\(path): the first line has neither the number of words and the number of dimensions, as word2vec writes it, "
                + "nor a word and its numbers, as GloVe writes it. Give a file with word vectors."
        case .invalidWidth(let path, let width):
            "\(path): the vectors have \(width) dimensions, expected \(VectorFile.widths.lowerBound) to "
                + "\(VectorFile.widths.upperBound)."
        case .malformed(let path, let number, let reason): "\(path): vector \(number): \(reason)."
        case .wrongCount(let path, let found, let expected):
            "\(path): the file has \(found) vectors, but its first line says \(expected). "
                + "Perhaps it was not copied to its end; copy it again."
        }
    }
}

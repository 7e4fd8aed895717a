import Fuzzing
import Training

private let file = InputFile()

/// The first byte chooses the columns; the rest is a file of tweets, in CSV or in JSON Lines.
///
/// Counting finds as many rows as reading, and every tweet starts on a line of its own.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let columns = input.byte() & 1 == 0 ? TweetColumns() : TweetColumns(text: "a", label: "b")
    file.write(input.rest)
    guard var reader = try? TweetReader(path: file.path, columns: columns) else { return 0 }
    var (rows, line) = (0, 0)
    while let row = try? reader.next() {
        rows += 1
        guard case .success(let tweet) = row else { continue }
        precondition(tweet.line > line, "a tweet starts on line \(tweet.line), and the one before it on line \(line)")
        line = tweet.line
    }
    guard let counted = try? TweetReader.count(file.path, columns: columns) else { fatalError("it cannot be counted") }
    precondition(counted == rows, "\(rows) rows are read, and \(counted) are counted")
    return 0
}

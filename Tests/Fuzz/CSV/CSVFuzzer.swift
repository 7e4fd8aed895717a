import Fuzzing
import Training

private let file = InputFile()

/// The first byte chooses the columns; the rest is a file of tweets, in CSV or in JSON Lines.
///
/// Skipping finds as many tweets as reading, and every tweet starts on a line of its own.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let columns = input.byte() & 1 == 0 ? TweetColumns() : TweetColumns(text: "a", label: "b")
    file.write(input.rest)
    guard let tweets = try? TweetReader.readAll(file.path, columns: columns) else { return 0 }
    guard let counted = try? TweetReader.count(file.path, columns: columns) else { fatalError("it cannot be skipped") }
    precondition(counted == tweets.count, "\(tweets.count) tweets are read, and \(counted) are skipped")
    precondition(zip(tweets, tweets.dropFirst()).allSatisfy { $0.line < $1.line })
    return 0
}

import ArgumentParser
import ContainerImage
import Training

/// The option that says what happens with rows that are not valid.
struct BadRowOptions: ParsableArguments {
    enum Action: String, CaseIterable, ExpressibleByArgument {
        case stop, skip
    }

    @Option(
        help: ArgumentHelp(
            """
            What to do with a row that is not valid. stop: the rows before it are done, then the exit code is 2. skip: \
            it is reported on stderr and left out.
            """, valueName: "action"))
    var onError = Action.stop
}

/// The rows of one file that are not valid, or that had to be repaired.
struct BadRows {
    let action: BadRowOptions.Action
    private var skipped = 0
    private var good = 0
    private var latin1 = 0
    private var stopped: DataError?

    init(_ action: BadRowOptions.Action) { self.action = action }

    /// Whether no further row is used.
    var hasStopped: Bool { stopped != nil }

    /// Whether a row was good.
    var hasGood: Bool { good > 0 }

    /// Returns the tweets among `rows` that are used, and reports the rows that are skipped.
    ///
    /// - Parameter rows: The next rows of the file.
    /// - Returns: The tweets, up to the first bad row if the user does not skip it.
    mutating func filter(_ rows: [Result<Tweet, DataError>]) -> [Tweet] {
        var tweets: [Tweet] = []
        for row in rows {
            do {
                let tweet = try row.get()
                tweets.append(tweet)
                good += 1
                if tweet.isLatin1 { latin1 += 1 }
            } catch {
                guard action == .skip else {
                    stopped = error
                    break
                }
                skipped += 1
                say("skipped \(error)".singleLine)
            }
        }
        return tweets
    }

    /// Ends the file.
    ///
    /// - Parameter name: The name of the file in error messages.
    /// - Throws: The error of the bad row that the user does not skip, and `DataError.noTweets` if no row was good.
    func finish(_ name: String) throws {
        if let stopped { throw stopped }
        report(name)
        guard hasGood else { throw DataError.noTweets(path: name) }
    }

    /// Says how many rows were skipped or are not UTF-8, if any.
    func report(_ name: String) {
        if skipped > 0 { say("\(name): \(decimal(skipped)) of \(decimal(skipped + good)) rows were skipped") }
        if latin1 > 0 { say("\(name): \(decimal(latin1)) rows are not UTF-8 and were read as Latin-1".singleLine) }
    }
}

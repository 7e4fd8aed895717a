import ArgumentParser

/// How much reports may change a model.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The number of reports that no retraining has seen yet below which nothing is done.", valueName: "number"))
    var minNew = 100

    @Option(
        help: ArgumentHelp("How many texts of the other data a report counts as: 1 to 100.", valueName: "number"))
    var feedbackWeight = 1

    @Option(
        help: ArgumentHelp(
            """
            The most reports of each label to learn from, of which the newest are kept. The default is as many as weigh half \
            as much as the texts of the label in the other data.
            """, valueName: "number"))
    var capPerClass: Int?

    @Flag(help: "Use the reports of retrainings that were refused again.")
    var again = false

    func validate() throws {
        func check(_ value: Int, _ range: ClosedRange<Int>, _ option: String) throws {
            guard !range.contains(value) else { return }
            throw ValidationError(
                "The value '\(value)' is invalid for '\(option)': expected \(range.lowerBound) to \(range.upperBound).")
        }
        try check(minNew, 1...1_000_000_000, "--min-new <number>")
        try check(feedbackWeight, 1...100, "--feedback-weight <number>")
        try check(capPerClass ?? 1, 1...1_000_000_000, "--cap-per-class <number>")
    }

    /// The most reports of each label.
    ///
    /// - Parameter base: The labels of the other data.
    /// - Returns: The numbers, by label.
    func caps(_ base: [String]) -> [String: Int] {
        base.reduce(into: [:]) { $0[$1, default: 0] += 1 }.mapValues { capPerClass ?? max(1, $0 / 2 / feedbackWeight) }
    }
}

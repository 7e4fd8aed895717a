import ArgumentParser
import Training

/// The CSV columns or JSON keys of a file with texts.
struct ColumnOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The CSV column or JSON key of the texts. The default is 'text'.", valueName: "name"))
    var textColumn: String?

    @Option(
        help: ArgumentHelp(
            "The CSV column or JSON key of the labels. The default is 'label', which may be missing.",
            valueName: "name"))
    var labelColumn: String?

    /// The names as the reader of tweets takes them.
    var names: TweetColumns { TweetColumns(text: textColumn, label: labelColumn) }

    /// Whether the user has given none of the options.
    var isEmpty: Bool { names == TweetColumns() }
}

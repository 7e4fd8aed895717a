extension String {
    /// The same text on one line, with a space in place of each control character and of each line separator.
    ///
    /// Use this for text from an image, a registry or a file before printing it: control characters could otherwise
    /// send commands to a terminal or to a build server that reads the output.
    public var singleLine: String {
        let removed: Set<Unicode.GeneralCategory> = [.control, .lineSeparator, .paragraphSeparator]
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { removed.contains($0.properties.generalCategory) ? " " : $0 }))
    }
}

/// The form of a text in which near-duplicates are equal.
///
/// Links, mentions and punctuation are left out, letters are lower-case, a character that is repeated counts at most
/// twice, and all numbers are the same. A text of which nothing is left keeps its characters.
///
/// - Parameter text: The text as it was typed.
/// - Returns: The form, which is compared and never shown.
public func comparableForm(of text: String) -> String {
    var words: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
        let word = word.lowercased()
        let isLink = ["http://", "https://", "www."].contains { word.hasPrefix($0) }
        guard !isLink, !(word.hasPrefix("@") && word.count > 1), !(words.isEmpty && word == "rt") else { continue }
        let form = comparableWord(word)
        if !form.isEmpty { words.append(form) }
    }
    return words.isEmpty ? text.lowercased().filter { !$0.isWhitespace } : words.joined(separator: " ")
}

/// The letters and symbols of a word in lower case.
private func comparableWord(_ word: String) -> String {
    var form: [Unicode.Scalar] = []
    for scalar in word.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .decimalNumber:
            if form.last != "0" { form.append("0") }
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .control:
            break
        default:
            if scalar.isASCII, !scalar.properties.isAlphabetic { break }  // such as the + of ASCII art
            if form.count > 1, form[form.count - 1] == scalar, form[form.count - 2] == scalar { break }
            form.append(scalar)
        }
    }
    return String(String.UnicodeScalarView(form))
}

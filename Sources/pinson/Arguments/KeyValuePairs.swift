import ArgumentParser

/// Turns the values of an option that is repeated as `KEY=VALUE` into a dictionary.
///
/// The last value of a key counts.
///
/// - Parameters:
///   - texts: The values as the user gave them.
///   - option: The name of the option, for the error.
/// - Returns: The values by key.
/// - Throws: `ValidationError` if a value has no key.
func keyValuePairs(_ texts: [String], _ option: String) throws -> [String: String] {
    try Dictionary(
        texts.map { text in
            // Scalars are compared, because a combining mark after the equals sign forms one character with it.
            guard let equals = text.unicodeScalars.firstIndex(of: "="), equals > text.startIndex else {
                throw ValidationError("The value '\(text)' is invalid for '\(option)': expected KEY=VALUE.")
            }
            return (String(text[..<equals]), String(text.unicodeScalars[equals...].dropFirst()))
        }
    ) { $1 }
}

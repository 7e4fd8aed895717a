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
            // A combining character after the equals sign makes one character of both, but not one scalar.
            let scalars = text.unicodeScalars
            guard let equals = scalars.firstIndex(of: "="), equals > scalars.startIndex else {
                throw ValidationError("The value '\(text)' is invalid for '\(option)': expected KEY=VALUE.")
            }
            return (String(scalars[..<equals]), String(scalars[scalars.index(after: equals)...]))
        }
    ) { $1 }
}

/// The names of the input's columns in an output that also has columns of its own.
///
/// A column keeps its name, with two exceptions. If the name is one of the output's own, it gets the prefix `input_`.
/// If an earlier column has the name already, it gets the first free one of the suffixes `_2`, `_3`, and so on.
struct OutputNames: Sendable {
    /// The names of the output's own columns.
    let own: [String]

    /// The names of `columns` in the output, in the same order.
    ///
    /// They differ from each other and from `own`.
    func names(_ columns: [String]) -> [String] {
        var names: [String] = []
        for column in columns {
            let name = own.contains(column) ? "input_\(column)" : column
            var candidate = name
            var number = 2
            while own.contains(candidate) || names.contains(candidate) {
                candidate = "\(name)_\(number)"
                number += 1
            }
            names.append(candidate)
        }
        return names
    }
}

/// The reason why a text is not a step of a pipeline.
public enum TextPipelineError: Error, Equatable {
    /// No step has this name.
    case unknownStep(name: String, known: [String])
    /// The step has no such option.
    case unknownOption(step: String, option: String, known: [String])
    /// The value of an option is missing, superfluous or wrong.
    case invalidOption(step: String, found: String, expected: String)
    /// Two options of the step exclude each other, or one is given twice.
    case conflictingOptions(step: String, first: String, second: String)
    /// No preset has this name.
    case unknownPreset(name: String, known: [String])
}

extension TextPipelineError: CustomStringConvertible {
    /// The error as sentences.
    public var description: String {
        switch self {
        case .unknownStep(let name, let known):
            "There is no text step '\(name)'. The steps are \(known.joined(separator: ", "))."
        case .unknownOption(let step, let option, let known):
            "The text step '\(step)' has no option '\(option)'. "
                + (known.isEmpty ? "It has none." : "Its options are \(known.joined(separator: ", ")).")
        case .invalidOption(let step, let found, let expected):
            "The text step '\(step)' has the option '\(found)', but \(expected) is expected."
        case .conflictingOptions(let step, let first, let second) where first == second:
            "The text step '\(step)' has the option '\(first)' twice. Give it once."
        case .conflictingOptions(let step, let first, let second):
            "The text step '\(step)' has the options '\(first)' and '\(second)', which exclude each other. Give one of them."
        case .unknownPreset(let name, let known):
            "There is no text preset '\(name)'. The presets are \(known.joined(separator: ", "))."
        }
    }
}

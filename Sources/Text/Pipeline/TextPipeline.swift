/// An ordered list of steps that change a text before it is split into words.
///
/// A model file stores the pipeline of its training as an array of texts, one for each step, and the program that serves
/// the model applies the same steps. A text is the name of a step, alone or with options: `links:token=URL`,
/// `punctuation:space,ascii`. Steps leave links as they are, in whatever order they stand, unless an option says
/// otherwise.
public struct TextPipeline: Sendable {
    /// The steps as texts, with the defaults of their options.
    public private(set) var strings: [String]
    private var steps: [any TextStep]

    /// All kinds of steps, in the order in which they are usually applied.
    private static let kinds: [any TextStep.Type] = [
        Entities.self, Lowercase.self, Links.self, Mentions.self, Hashtags.self, Repeats.self, Contractions.self,
        Emoticons.self, Emoji.self, Punctuation.self, ASCIIOnly.self, MergedWords.self, Lemmatizer.self,
        StopWords.self, ShortWords.self, Stemmer.self, Negation.self, Spaces.self, Placeholders.self,
    ]

    /// The names of all steps.
    public static var stepNames: [String] { kinds.map { $0.name } }

    /// Returns the options of a step as they can be written: `remove`, `token=URL` with the default, and every choice,
    /// such as `keep=negations` and `keep=none`, with the default first.
    ///
    /// - Parameter step: the name of a step.
    /// - Returns: the options; none if no step has the name.
    public static func options(of step: String) -> [String] {
        let options = kinds.first { $0.name == step }?.options ?? []
        return options.flatMap { option in
            switch option.value {
            case .flag: [option.name]
            case .text(let text): ["\(option.name)=\(text ?? "TEXT")"]
            case .number(_, let number): ["\(option.name)=\(number)"]
            case .choice(let words): words.map { "\(option.name)=\($0)" }
            }
        }
    }

    /// Creates a pipeline from texts, such as those of a model file.
    ///
    /// - Parameter strings: one text for each step; none for a pipeline that changes nothing.
    /// - Throws: `TextPipelineError` if a text is not a step.
    public init(_ strings: [String]) throws(TextPipelineError) {
        var steps: [any TextStep] = []
        var canonical: [String] = []
        for string in strings {
            let (name, parts) = Self.parts(of: string)
            guard let kind = Self.kinds.first(where: { $0.name == name }) else {
                throw .unknownStep(name: name, known: Self.stepNames)
            }
            let options = try StepOptions(parts, of: name, known: kind.options)
            let written = options.written(in: kind.options)
            steps.append(kind.init(options))
            canonical.append(written.isEmpty ? name : "\(name):\(written)")
        }
        self.strings = canonical
        self.steps = steps
    }

    /// Splits `name:option,option` into the name and the options.
    private static func parts(of string: String) -> (name: String, options: [Substring]) {
        let halves = string.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let options = halves.count > 1 ? halves[1].split(separator: ",", omittingEmptySubsequences: false) : []
        return (String(halves[0]), options)
    }

    /// The pipeline without the step `lowercase`, for a model that reads capitals.
    public var keepingCapitals: TextPipeline {
        var copy = self
        let kept = strings.indices.filter { strings[$0] != Lowercase.name }
        copy.strings = kept.map { strings[$0] }
        copy.steps = kept.map { steps[$0] }
        return copy
    }

    /// Returns the text after all steps.
    public func apply(to text: String) -> String {
        guard !steps.isEmpty else { return text }
        var buffer = TextBuffer()
        buffer.load(text)
        apply(to: &buffer)
        return buffer.text
    }

    /// Changes a text in place.
    ///
    /// - Parameter text: memory with a text. When it is used for many texts, no memory is allocated for most of them.
    public func apply(to text: inout TextBuffer) {
        for step in steps { step.apply(to: &text) }
    }
}

extension TextPipeline: Equatable {
    /// Whether two pipelines have the same steps with the same options.
    public static func == (left: TextPipeline, right: TextPipeline) -> Bool { left.strings == right.strings }
}

import JSON
import ModelFile

extension PredictOptions {
    /// The names of the members beside `inputs`.
    static let fields = ["parameters", "raw_scores", "truncate", "truncation_direction", "options"]

    /// Reads the members of a body.
    ///
    /// - Parameter members: The members that are not null.
    /// - Throws: `Problem` with status 422 that names a member that is unknown or not valid.
    /// - Source: Hugging Face, task specification of text classification, for `parameters` and `options`; Text
    ///   Embeddings Inference 1.9, `POST /predict`, for the others.
    init(_ members: [JSON.Member]) throws(Problem) {
        self.init()
        var isRaw = false
        for member in members {
            switch member.key {
            case "inputs": break
            case "parameters": try readParameters(member)
            case "raw_scores": isRaw = try member.boolean()
            case "truncate": refusesLongTexts = try !member.boolean()
            case "truncation_direction": try member.requireRight()
            case "options": try member.checkOptions()
            default: throw member.unknown(expected: Self.fields)
            }
        }
        guard isRaw else { return }
        guard scoring == .model || scoring == .logits else {
            throw Problem(
                unprocessable: "'raw_scores' is true, but 'parameters.function_to_apply' is not 'none'. Remove one.")
        }
        scoring = .logits
    }

    private mutating func readParameters(_ parameters: JSON.Member) throws(Problem) {
        for member in try parameters.members() {
            switch member.key {
            case "parameters.top_k": topK = try member.count()
            case "parameters.function_to_apply": scoring = try member.scoring()
            case "parameters.truncation": refusesLongTexts = try !member.boolean()
            default: throw member.unknown(expected: ["top_k", "function_to_apply", "truncation"])
            }
        }
    }
}

extension JSON.Member {
    fileprivate func problem(_ expectation: String) -> Problem {
        let found =
            switch value {
            case .string(let text): "'\(text.prefix(100))'"
            case .number(let number): "\(number)"
            default: value.kind
            }
        return Problem(unprocessable: "'\(key)' is \(found), expected \(expectation).")
    }

    fileprivate func unknown(expected names: [String]) -> Problem {
        let list = names.map { "'\($0)'" }.joined(separator: ", ")
        return Problem(unprocessable: "'\(key.prefix(100))' is not known here, expected only \(list).")
    }

    /// The value as true or false.
    func boolean() throws(Problem) -> Bool {
        guard case .bool(let value) = value else { throw problem("true or false") }
        return value
    }

    fileprivate func count() throws(Problem) -> Int {
        guard case .number(let number) = value, number >= 1, let count = Int(exactly: number) else {
            throw problem("an integer of at least 1")
        }
        return count
    }

    fileprivate func scoring() throws(Problem) -> PredictOptions.Scoring {
        switch value {
        case .string("softmax"): return .activation(.softmax)
        case .string("sigmoid"): return .activation(.sigmoid)
        case .string("none"): return .logits
        default: throw problem("'softmax', 'sigmoid' or 'none'")
        }
    }

    /// Refuses another direction than `right`, because the model reads the beginning of a text.
    fileprivate func requireRight() throws(Problem) {
        guard value == .string("right") || value == .string("Right") else {
            throw problem("'right': the model reads the beginning of a text that is too long")
        }
    }

    /// Checks the options of Hugging Face's hosted models.
    ///
    /// They ask for what always holds: the model is loaded, and no answer comes from a cache.
    fileprivate func checkOptions() throws(Problem) {
        for member in try members() {
            switch member.key {
            case "options.wait_for_model", "options.use_cache": _ = try member.boolean()
            default: throw member.unknown(expected: ["wait_for_model", "use_cache"])
            }
        }
    }

    /// The members of this object that are not null, with the key of the object before their own.
    fileprivate func members() throws(Problem) -> [JSON.Member] {
        guard case .object(let members) = value else { throw problem("an object") }
        return members.filter { $0.value != .null }.map { .init(key: "\(key).\($0.key)", value: $0.value) }
    }
}

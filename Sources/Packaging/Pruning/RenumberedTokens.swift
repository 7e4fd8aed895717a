internal import JSON

/// The ids of a tokenizer's files after a pruning.
///
/// - Source: the serialization of Hugging Face's tokenizers and transformers.
struct RenumberedTokens {
    /// The new id of each old id that stays.
    private let ids: [Int: Int]

    /// Numbers the ids that stay, in their order.
    init(kept: [Int]) { ids = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) }) }

    private func number(_ value: JSON) -> JSON? {
        value.integer.flatMap { ids[$0] }.map { .number(Double($0)) }
    }

    /// The members of tokenizer.json.
    func tokenizer(_ file: JSON) -> JSON {
        changing(file) { key, value in
            switch key {
            case "model": vocabulary(of: value)
            case "added_tokens", "post_processor", "padding": renumbered(value, under: key)
            default: value
            }
        }
    }

    private func vocabulary(of model: JSON) -> JSON {
        changing(model) { key, value in
            guard key == "vocab", let members = value.members else { return value }
            return .object(
                members.compactMap { member in number(member.value).map { .init(key: member.key, value: $0) } })
        }
    }

    /// The value with all ids in it, which are numbers under certain keys and in lists there.
    private func renumbered(_ value: JSON, under key: String) -> JSON {
        switch value {
        case .object: changing(value) { renumbered($1, under: $0) }
        case .array(let values): .array(values.map { renumbered($0, under: key) })
        case .number where ["id", "ids", "pad_id", "sep", "cls"].contains(key): number(value) ?? value
        default: value
        }
    }

    /// The members of tokenizer_config.json.
    func settings(_ file: JSON) -> JSON {
        changing(file) { key, value in
            guard key == "added_tokens_decoder", let members = value.members else { return value }
            return .object(
                members.compactMap { member in
                    Int(member.key).flatMap { ids[$0] }.map { .init(key: "\($0)", value: member.value) }
                })
        }
    }

    /// The members of config.json.
    func configuration(_ file: JSON) -> JSON {
        changing(file) { key, value in
            switch key {
            case "vocab_size": .number(Double(ids.count))
            case "torch_dtype", "dtype": .string("float32")
            case _ where key.hasSuffix("_token_id"): number(value) ?? value
            default: value
            }
        }
    }

    private func changing(_ object: JSON, _ change: (String, JSON) -> JSON) -> JSON {
        guard let members = object.members else { return object }
        return .object(members.map { .init(key: $0.key, value: change($0.key, $0.value)) })
    }
}

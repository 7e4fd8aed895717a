import JSON

/// Checks values against the schemas of a description in OpenAPI 3.1, with the keywords that it uses.
struct ContractSchema {
    let contract: JSON

    /// What is wrong with a value, with the place of each problem.
    func problems(_ value: JSON, _ schema: JSON, at place: String = "body") throws -> [String] {
        let schema = resolve(schema)
        var found: [String] = []
        for (keyword, rule) in members(schema) {
            switch keyword {
            case "type":
                let types = array(rule) ?? [rule]
                if !types.contains(where: { matches(value, type: $0) }) { found.append("\(place) is not \(types)") }
            case "enum":
                if array(rule)?.contains(value) != true { found.append("\(place) is none of \(rule)") }
            case "anyOf":
                let results = try (array(rule) ?? []).map { try problems(value, $0, at: place) }
                if results.allSatisfy({ !$0.isEmpty }) { found.append("\(place) matches nothing of anyOf: \(results)") }
            case "required":
                for case .string(let name) in array(rule) ?? [] {
                    if case .object = value, value[name] == nil { found.append("\(place).\(name) is missing") }
                }
            case "properties":
                for (name, schema) in members(rule) {
                    if let member = value[name] { found += try problems(member, schema, at: "\(place).\(name)") }
                }
            case "additionalProperties":
                for (name, member) in members(value) where schema["properties"]?[name] == nil {
                    if rule == .bool(false) {
                        found.append("\(place).\(name) is not in the contract")
                    } else if case .object = rule {
                        found += try problems(member, rule, at: "\(place).\(name)")
                    }
                }
            case "items":
                for (index, item) in (array(value) ?? []).enumerated() {
                    found += try problems(item, rule, at: "\(place)[\(index)]")
                }
            case "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum":
                if isOutside(value, keyword, rule) { found.append("\(place) breaks \(keyword) \(rule)") }
            case "pattern":
                if case .string(let text) = value, case .string(let pattern) = rule,
                    try text.firstMatch(of: Regex(pattern)) == nil
                {
                    found.append("\(place) does not match \(pattern)")
                }
            case "description", "examples", "format": break
            default: found.append("the keyword \(keyword) is not checked")
            }
        }
        return found
    }

    /// The value that a reference names, or the value itself.
    func resolve(_ value: JSON) -> JSON {
        guard case .string(let reference)? = value["$ref"] else { return value }
        return reference.split(separator: "/").dropFirst().reduce(contract) { place, name in
            place[String(name).replacing("~1", with: "/")] ?? .null
        }
    }

    func members(_ value: JSON?) -> [(String, JSON)] {
        if case .object(let members)? = value { members.map { ($0.key, $0.value) } } else { [] }
    }

    func array(_ value: JSON?) -> [JSON]? { if case .array(let values)? = value { values } else { nil } }

    private func matches(_ value: JSON, type: JSON) -> Bool {
        switch (value, type) {
        case (.null, .string("null")), (.bool, .string("boolean")), (.string, .string("string")),
            (.array, .string("array")), (.object, .string("object")), (.number, .string("number")):
            true
        case (.number(let number), .string("integer")): number == number.rounded()
        default: false
        }
    }

    private func isOutside(_ value: JSON, _ keyword: String, _ rule: JSON) -> Bool {
        guard case .number(let bound) = rule else { return true }
        let size: Double
        switch (value, keyword.hasSuffix("Items"), keyword.hasSuffix("Length")) {
        case (.array(let values), true, _): size = Double(values.count)
        case (.string(let text), _, true): size = Double(text.unicodeScalars.count)
        case (.number(let number), false, false): size = number
        default: return false
        }
        return keyword.hasPrefix("min") ? size < bound : size > bound
    }
}

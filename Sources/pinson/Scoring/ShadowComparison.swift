import Foundation

/// How a shadow model differs from the model that answers, as the metrics of a function say.
struct ShadowComparison: Encodable {
    /// Texts with different labels.
    struct Disagreement: Encodable {
        var label: String
        var shadow: String
        var texts: Int
    }

    /// The name of the model that answers, and of the shadow model.
    private(set) var model = ""
    private(set) var shadow = ""
    private(set) var agreed = 0
    private(set) var disagreed = 0
    private(set) var dropped = 0
    private(set) var disagreements: [Disagreement] = []
    /// The mean difference of the scores of the label that was answered, or nil if nothing was compared.
    private(set) var scoreDifference: Double?
    /// The mean seconds of the shadow model for a text, or nil.
    private(set) var shadowSeconds: Double?
    /// The mean seconds of the function for a request, with its waiting time, or nil.
    private(set) var answerSeconds: Double?

    /// The texts that both models have classified.
    var compared: Int { agreed + disagreed }

    /// The share of these texts with different labels, and its interval of 95 %, or nil if there are none.
    ///
    /// - Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    var share: (value: Double, low: Double, high: Double)? {
        guard compared > 0 else { return nil }
        let (n, p, z) = (Double(compared), Double(disagreed) / Double(compared), 1.959963984540054)
        let center = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return (p, max(0, center - half), min(1, center + half))
    }

    /// Reads the text of `/metrics`, or returns nil if it says nothing about a shadow model.
    init?(metrics text: String) {
        var values: [String: Double] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let (name, labels, value) = Self.sample(line) else { continue }
            switch name {
            case "pinson_info": model = labels["model"] ?? ""
            case "pinson_shadow_info": shadow = labels["model"] ?? ""
            case "pinson_shadow_disagreements_total":
                disagreements.append(
                    .init(label: labels["label"] ?? "", shadow: labels["shadow"] ?? "", texts: Int(exactly: value) ?? 0)
                )
            case "pinson_shadow_texts_total": values["texts \(labels["result"] ?? "")"] = value
            default: values[name] = value
            }
        }
        guard let agreed = values["texts agreed"], let disagreed = values["texts disagreed"] else { return nil }
        func mean(_ name: String) -> Double? {
            guard let sum = values["\(name)_sum"], let count = values["\(name)_count"], count > 0 else { return nil }
            return sum / count
        }
        (self.agreed, self.disagreed) = (Int(exactly: agreed) ?? 0, Int(exactly: disagreed) ?? 0)
        dropped = Int(exactly: values["texts dropped"] ?? 0) ?? 0
        disagreements.sort { ($1.texts, $0.label, $0.shadow) < ($0.texts, $1.label, $1.shadow) }
        scoreDifference = mean("pinson_shadow_score_difference")
        shadowSeconds = mean("pinson_shadow_seconds")
        answerSeconds = mean("pinson_predict_seconds")
    }

    /// Reads a line such as `name{label="value"} 1`, or returns nil if it is not one.
    private static func sample(_ line: Substring) -> (name: String, labels: [String: String], value: Double)? {
        var rest = line
        let name = rest.prefix { $0 != "{" && $0 != " " }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while let first = rest.first, first != "}" {
                let key = rest.prefix { $0 != "=" }
                rest = rest.dropFirst(key.count + 2)
                var value = String.UnicodeScalarView()
                var scalars = rest.unicodeScalars
                while let scalar = scalars.popFirst(), scalar != "\"" {
                    guard scalar == "\\" else {
                        value.append(scalar)
                        continue
                    }
                    guard let escaped = scalars.popFirst() else { return nil }
                    value.append(escaped == "n" ? "\n" : escaped)
                }
                labels[String(key)] = String(value)
                rest = Substring(scalars)
                if rest.first == "," { rest = rest.dropFirst() }
            }
            rest = rest.dropFirst()
        }
        guard let number = rest.split(separator: " ").first.flatMap({ Double($0) }) else { return nil }
        return (String(name), labels, number)
    }

    private enum CodingKeys: String, CodingKey {
        case model, shadow, compared, agreed, disagreed, dropped, disagreements
        case share = "disagreement_share"
        case low = "disagreement_share_low"
        case high = "disagreement_share_high"
        case scoreDifference = "mean_score_difference"
        case shadowSeconds = "mean_shadow_seconds"
        case answerSeconds = "mean_answer_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(model, forKey: .model)
        try values.encode(shadow, forKey: .shadow)
        try values.encode(compared, forKey: .compared)
        try values.encode(agreed, forKey: .agreed)
        try values.encode(disagreed, forKey: .disagreed)
        try values.encode(dropped, forKey: .dropped)
        try values.encode(disagreements, forKey: .disagreements)
        try values.encodeIfPresent(share?.value, forKey: .share)
        try values.encodeIfPresent(share?.low, forKey: .low)
        try values.encodeIfPresent(share?.high, forKey: .high)
        try values.encodeIfPresent(scoreDifference, forKey: .scoreDifference)
        try values.encodeIfPresent(shadowSeconds, forKey: .shadowSeconds)
        try values.encodeIfPresent(answerSeconds, forKey: .answerSeconds)
    }
}

/// The media types that a client accepts.
///
/// - Source: RFC 9110, sections 12.4.2 and 12.5.1.
struct AcceptHeader {
    /// One range of media types, such as `text/*;q=0.5`.
    private struct Range {
        var type: String
        var subtype: String
        var quality = 1.0

        /// Reads a range, or returns nil if it is not valid.
        init?(_ text: Substring) {
            let parts = text.split(separator: ";").map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
            guard let name = parts.first?.split(separator: "/"), name.count == 2 else { return nil }
            (type, subtype) = (String(name[0]), String(name[1]))
            guard let weight = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return }
            guard let quality = Double(weight.dropFirst(2)), (0...1).contains(quality) else { return nil }
            self.quality = quality
        }

        /// How specific the range is for a media type, or nil if it does not include it.
        func specificity(_ type: String, _ subtype: String) -> Int? {
            if self.type == type { return self.subtype == subtype ? 2 : self.subtype == "*" ? 1 : nil }
            return self.type == "*" && self.subtype == "*" ? 0 : nil
        }
    }

    private let ranges: [Range]

    /// Reads the value of the header.
    ///
    /// Ranges that are not valid are ignored. An empty value accepts everything.
    init(_ value: String) {
        let isEmpty = value.allSatisfy(\.isWhitespace)
        ranges = (isEmpty ? "*/*" : value).split(separator: ",").compactMap { Range($0) }
    }

    /// Whether HTML is a better answer than JSON.
    ///
    /// If the client accepts both equally, HTML is better only if the header names it.
    var prefersHTML: Bool {
        let (html, json) = (best("text", "html"), best("application", "json"))
        return html.quality > json.quality || html.quality > 0 && html.quality == json.quality && html.specificity == 2
    }

    /// Whether OpenMetrics is a better answer than the text format of Prometheus.
    ///
    /// Only a client that names it understands it.
    var prefersOpenMetrics: Bool {
        let (open, text) = (best("application", "openmetrics-text"), best("text", "plain"))
        return open.specificity == 2 && open.quality > 0 && open.quality >= text.quality
    }

    /// The quality of a media type according to the most specific range, and how specific that range is.
    private func best(_ type: String, _ subtype: String) -> (specificity: Int, quality: Double) {
        var best = (specificity: -1, quality: 0.0)
        for range in ranges {
            guard let specificity = range.specificity(type, subtype), specificity >= best.specificity else { continue }
            best = (specificity, specificity == best.specificity ? max(best.quality, range.quality) : range.quality)
        }
        return best
    }
}

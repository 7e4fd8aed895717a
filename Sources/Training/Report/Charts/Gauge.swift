/// A value and its interval on a thin line, as wide as the page element that holds it.
struct Gauge {
    /// The value at the left end.
    var start: Double
    /// The value at the right end, which may be the smaller one.
    var end: Double
    /// The value.
    var value: Double
    /// The interval of the value.
    var interval: Interval?
    /// A value with a mark across the line, such as that of the whole data.
    var reference: Double?
    /// The number of the color, from 0.
    var color = 0

    /// The gauge as an element of a page.
    ///
    /// It repeats what the text beside it says, so screen readers skip it.
    var markup: String {
        let reference = reference.map {
            "<line x1=\"\(place($0))\" x2=\"\(place($0))\" y1=\"0\" y2=\"16\" class=\"axis\"/>"
        }
        let interval = interval.map {
            "<line x1=\"\(place($0.low))\" x2=\"\(place($0.high))\" y1=\"8\" y2=\"8\" class=\"extent s\(color)\"/>"
        }
        return "<svg class=\"gauge\" height=\"16\" aria-hidden=\"true\">"
            + "<line x1=\"0\" x2=\"100%\" y1=\"8\" y2=\"8\" class=\"gridline\"/>" + (reference ?? "") + (interval ?? "")
            + "<circle cx=\"\(place(value))\" cy=\"8\" r=\"4.5\" class=\"dot s\(color)\"/></svg>"
    }

    private func place(_ value: Double) -> String {
        let fraction = end == start ? 0 : (value - start) / (end - start)
        return Figures.fixed(100 * min(max(fraction.isFinite ? fraction : 0, 0), 1), 2) + "%"
    }
}

/// Horizontal bars with a name on the left and a value on the right.
struct BarChart {
    /// One bar.
    struct Bar {
        /// The name, which is cut if it is long.
        var name: String
        /// The length, at least 0.
        var value: Double
        /// The value as text.
        var label: String
        /// The number of the color, from 0.
        var color = 0
    }

    var bars: [Bar]

    private static let row = 24.0
    private static let margin = (left: 150.0, right: 48.0)

    /// Returns the chart as an element of a page; the longest bar fills the width.
    ///
    /// - Parameter label: What a screen reader says instead of the chart.
    /// - Returns: The element `svg`.
    func markup(label: String) -> String {
        var svg = SVG(width: Plot.size.width, height: Double(max(bars.count, 1)) * Self.row)
        let longest = max(bars.map(\.value).max() ?? 0, .leastNormalMagnitude)
        for (index, bar) in bars.enumerated() {
            let top = Double(index) * Self.row
            let end =
                Self.margin.left + (svg.width - Self.margin.left - Self.margin.right) * max(bar.value, 0) / longest
            svg.text(bar.name.shortened(to: 24), .init(x: Self.margin.left - 8, y: top + 16), anchor: .end)
            svg.rectangle(
                .init(x: Self.margin.left, y: top + 4), .init(x: end, y: top + Self.row - 4),
                class: "bar s\(bar.color)",
                title: "\(bar.name): \(bar.label)")
            svg.text(bar.label, .init(x: end + 6, y: top + 16))
        }
        return svg.markup(label: label)
    }
}

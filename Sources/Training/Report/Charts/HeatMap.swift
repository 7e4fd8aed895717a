/// A table of counts as colored cells: the diagonal in one color, the rest in another.
struct HeatMap {
    /// What the rows are, such as "True label".
    var rowTitle: String
    /// What the columns are.
    var columnTitle: String
    /// The name of each row, which is also that of the column with the same number.
    var names: [String]
    /// The counts; shape (rows, columns).
    var counts: [[Int]]

    private static let margin = (left: 96.0, top: 44.0)
    /// Texts are left out of cells that are smaller.
    private static let smallestCell = 30.0

    /// Returns the map as an element of a page.
    ///
    /// A cell is the stronger the larger its share of its row is.
    ///
    /// - Parameter label: What a screen reader says instead of the map.
    /// - Returns: The element `svg`.
    func markup(label: String) -> String {
        let (width, height) = Plot.size
        let margin = Self.margin
        let cell = (
            width: (width - margin.left) / Double(names.count), height: (height - margin.top) / Double(names.count)
        )
        var svg = SVG(width: width, height: height)
        let centre = (x: (margin.left + width) / 2, y: (margin.top + height) / 2)
        svg.text(columnTitle, .init(x: centre.x, y: 13), anchor: .middle, class: "title")
        svg.text(rowTitle, .init(x: 12, y: centre.y), anchor: .middle, angle: -90, class: "title")
        for (row, name) in names.enumerated() {
            let middle = (
                row: margin.top + (Double(row) + 0.5) * cell.height,
                column: margin.left + (Double(row) + 0.5) * cell.width
            )
            svg.text(name.shortened(to: 10), .init(x: margin.left - 8, y: middle.row + 4), anchor: .end)
            svg.text(
                name.shortened(to: max(Int(cell.width / 7.5), 2)), .init(x: middle.column, y: margin.top - 8),
                anchor: .middle)
            draw(row, middle: middle.row, cell: cell, &svg)
        }
        return svg.markup(label: label)
    }

    private func draw(_ row: Int, middle: Double, cell: (width: Double, height: Double), _ svg: inout SVG) {
        let total = counts[row].reduce(0, +)
        for (column, count) in counts[row].enumerated() {
            let share = total == 0 ? 0 : Double(count) / Double(total)
            let left = Self.margin.left + Double(column) * cell.width
            svg.rectangle(
                .init(x: left + 1.5, y: middle - cell.height / 2 + 1.5),
                .init(x: left + cell.width - 1.5, y: middle + cell.height / 2 - 1.5),
                share: share, class: "cell s\(row == column ? 1 : 0)",
                title: "\(Figures.count(count)) of \(Figures.count(total)) ‘\(names[row])’ answered ‘\(names[column])’")
            guard min(cell.width, cell.height) >= Self.smallestCell else { continue }
            let isLarge = cell.height >= 60
            svg.text(
                isLarge ? Figures.count(count) : Figures.percent(share),
                .init(x: left + cell.width / 2, y: middle + (isLarge ? 0 : 4)), anchor: .middle, class: "count")
            if isLarge {
                svg.text(
                    Figures.percent(share), .init(x: left + cell.width / 2, y: middle + 18), anchor: .middle,
                    class: "inside")
            }
        }
    }
}

/// A drawing with two axes, into which a chart draws its data.
struct Plot {
    /// The natural size of a chart: three of them fit side by side on a desktop, and one fills a phone.
    static let size = (width: 360.0, height: 320.0)
    private static let margin = (left: 46.0, right: 12.0, top: 10.0, bottom: 42.0)

    /// The drawing.
    var svg: SVG
    private let x: Axis
    private let y: Axis

    /// Draws the axes and their marks.
    ///
    /// - Parameters:
    ///   - x: The horizontal axis.
    ///   - y: The vertical axis.
    ///   - width: The width of the drawing.
    ///   - height: The height of the drawing.
    init(x: Axis, y: Axis, width: Double = Plot.size.width, height: Double = Plot.size.height) {
        self.x = x
        self.y = y
        svg = SVG(width: width, height: height)
        for tick in y.ticks {
            let level = point(x.domain.lowerBound, tick)
            svg.line(level, point(x.domain.upperBound, tick), class: "gridline")
            svg.text(y.label(of: tick), .init(x: level.x - 7, y: level.y + 4), anchor: .end)
        }
        let floor = point(x.domain.lowerBound, y.domain.lowerBound)
        svg.line(floor, point(x.domain.upperBound, y.domain.lowerBound), class: "axis")
        for tick in x.ticks {
            let place = point(tick, y.domain.lowerBound)
            svg.line(place, .init(x: place.x, y: place.y + 4), class: "axis")
            svg.text(x.label(of: tick), .init(x: place.x, y: place.y + 17), anchor: .middle)
        }
        svg.text(
            x.title, .init(x: (floor.x + width - Self.margin.right) / 2, y: height - 6), anchor: .middle, class: "title"
        )
        svg.text(
            y.title, .init(x: 12, y: (Self.margin.top + floor.y) / 2), anchor: .middle, angle: -90, class: "title")
    }

    /// Returns the place of a pair of values; a value outside an axis lies at its end.
    func point(_ horizontal: Double, _ vertical: Double) -> SVG.Point {
        let margin = Self.margin
        return SVG.Point(
            x: margin.left + x.fraction(of: horizontal) * (svg.width - margin.left - margin.right),
            y: svg.height - margin.bottom - y.fraction(of: vertical) * (svg.height - margin.top - margin.bottom))
    }
}

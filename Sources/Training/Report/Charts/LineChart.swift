/// Lines over two axes, with a few extras that make them easier to read.
struct LineChart {
    /// One line.
    struct Line {
        /// What the line shows.
        var name: String
        /// The points, from left to right.
        var points: [SVG.Point]
        /// The number of the color, from 0.
        var color = 0
        /// Whether the area below the line is tinted.
        var hasArea = false
        /// Whether the line is dashed, as that of another model.
        var isDashed = false
        /// The interval of each point's value, or nothing.
        var intervals: [Interval?] = []
        /// Whether each point has a dot, which shows its values when the pointer rests on it.
        var hasDots = false
    }

    /// A place that is marked with a ring, such as the threshold in use.
    struct Mark {
        /// What is there.
        var name: String
        /// The place.
        var point: SVG.Point
        /// The number of the color, from 0.
        var color = 0
    }

    /// A rectangle that stands on the horizontal axis behind the lines, as in a histogram.
    struct Column {
        /// The values on the horizontal axis between which the column stands.
        var range: ClosedRange<Double>
        /// The height as a share of the tallest column.
        var height: Double
        /// What a browser shows when the pointer rests on the column.
        var title: String
    }

    var x: Axis
    var y: Axis
    /// The ends of a dashed line to compare with, such as the diagonal.
    var reference: (SVG.Point, SVG.Point)?
    var columns: [Column] = []
    var lines: [Line]
    var marks: [Mark] = []

    /// The tallest column reaches up to this share of the plot.
    private static let columnShare = 0.22

    /// Returns the chart as an element of a page.
    ///
    /// - Parameter label: What a screen reader says instead of the chart.
    /// - Returns: The element `svg`.
    func markup(label: String) -> String {
        var plot = Plot(x: x, y: y)
        let height = y.domain.upperBound - y.domain.lowerBound
        for column in columns {
            let top = y.domain.lowerBound + column.height * Self.columnShare * height
            var (corner, opposite) = (
                plot.point(column.range.lowerBound, top), plot.point(column.range.upperBound, y.domain.lowerBound)
            )
            corner.x += 0.75
            opposite.x -= 0.75
            plot.svg.rectangle(
                corner, opposite,
                class: "column", title: column.title)
        }
        if let reference {
            plot.svg.path([reference.0, reference.1].map { plot.point($0.x, $0.y) }, class: "reference")
        }
        for line in lines { draw(line, &plot) }
        for mark in marks {
            plot.svg.circle(
                plot.point(mark.point.x, mark.point.y), radius: 5, class: "ring s\(mark.color)", title: mark.name)
        }
        return plot.svg.markup(label: label)
    }

    private func draw(_ line: Line, _ plot: inout Plot) {
        let places = line.points.map { plot.point($0.x, $0.y) }
        guard let first = line.points.first, let last = line.points.last else { return }
        if line.hasArea {
            let floor = [last, first].map { plot.point($0.x, y.domain.lowerBound) }
            plot.svg.path(places + floor, isClosed: true, class: "area s\(line.color)")
        }
        for (point, interval) in zip(line.points, line.intervals) {
            guard let interval else { continue }
            plot.svg.line(
                plot.point(point.x, interval.low), plot.point(point.x, interval.high), class: "whisker s\(line.color)")
        }
        plot.svg.path(places, class: "line s\(line.color)\(line.isDashed ? " dashed" : "")")
        guard line.hasDots else { return }
        for (point, place) in zip(line.points, places) {
            let value = "\(line.name): \(Figures.fixed(point.y)) at \(x.label(of: point.x))"
            plot.svg.circle(place, radius: 3.5, class: "dot s\(line.color)", title: value)
        }
    }
}

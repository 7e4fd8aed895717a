internal import Foundation

/// A drawing in SVG, made of a few shapes.
///
/// The shapes have classes, and the style sheet of the page gives them their colors, so that the drawing follows the
/// light and the dark scheme.
struct SVG {
    /// A place in the drawing, from the upper left corner.
    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    /// Where a text lies relative to its point.
    enum Anchor: String {
        case start, middle, end
    }

    /// The width of the drawing, in pixels at its natural size.
    let width: Double
    /// The height of the drawing.
    let height: Double
    private var shapes: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    mutating func line(_ start: Point, _ end: Point, class name: String) {
        shapes.append(
            "<line x1=\"\(number(start.x))\" y1=\"\(number(start.y))\" x2=\"\(number(end.x))\" y2=\"\(number(end.y))\" "
                + "class=\"\(name)\"/>")
    }

    /// Draws a line through points, or the area that it encloses if its class has a fill.
    mutating func path(_ points: [Point], isClosed: Bool = false, class name: String) {
        guard let first = points.first else { return }
        let rest = points.dropFirst().map { "L\(number($0.x)) \(number($0.y))" }.joined()
        shapes.append(
            "<path d=\"M\(number(first.x)) \(number(first.y))\(rest)\(isClosed ? "Z" : "")\" class=\"\(name)\"/>")
    }

    /// Draws a rectangle.
    ///
    /// - Parameters:
    ///   - corner: The upper left corner.
    ///   - opposite: The lower right corner.
    ///   - share: How strong the color is, from 0 to 1, for a class that makes a difference of it.
    ///   - name: The class.
    ///   - title: What a browser shows when the pointer rests on the rectangle.
    mutating func rectangle(
        _ corner: Point, _ opposite: Point, share: Double? = nil, class name: String, title: String? = nil
    ) {
        let size =
            "width=\"\(number(max(opposite.x - corner.x, 0)))\" height=\"\(number(max(opposite.y - corner.y, 0)))\""
        let strength = share.map { " style=\"--share:\(number($0))\"" } ?? ""
        shapes.append(
            element(
                "rect", "x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" \(size) class=\"\(name)\"\(strength)",
                title))
    }

    mutating func circle(_ center: Point, radius: Double, class name: String, title: String? = nil) {
        shapes.append(
            element(
                "circle",
                "cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\" class=\"\(name)\"", title
            ))
    }

    /// Writes a text.
    ///
    /// - Parameters:
    ///   - text: The text, which need not be escaped.
    ///   - point: The point of the base line that the anchor names.
    ///   - anchor: Which part of the text lies at the point.
    ///   - angle: The clockwise rotation about the point, in degrees.
    ///   - name: The class.
    mutating func text(
        _ text: String, _ point: Point, anchor: Anchor = .start, angle: Double = 0, class name: String = "tick"
    ) {
        let rotation = angle == 0 ? "" : " transform=\"rotate(\(number(angle)) \(number(point.x)) \(number(point.y)))\""
        shapes.append(
            "<text x=\"\(number(point.x))\" y=\"\(number(point.y))\" text-anchor=\"\(anchor.rawValue)\" "
                + "class=\"\(name)\"\(rotation)>\(text.htmlEscaped)</text>")
    }

    /// Returns the drawing as an element of a page.
    ///
    /// - Parameter label: What a screen reader says instead of the drawing.
    /// - Returns: The element `svg`.
    func markup(label: String) -> String {
        "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(label.htmlEscaped)\">"
            + shapes.joined() + "</svg>"
    }

    private func element(_ name: String, _ attributes: String, _ title: String?) -> String {
        title.map { "<\(name) \(attributes)><title>\($0.htmlEscaped)</title></\(name)>" } ?? "<\(name) \(attributes)/>"
    }

    /// A coordinate with at most two digits after the point; 0 if it is not a number.
    private func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        var text = String(format: "%.2f", value)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

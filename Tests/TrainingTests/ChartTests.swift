import Testing

@testable import Training

@Suite struct ChartTests {
    @Test(arguments: [
        (0.0...1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.63...0.91, ["0.7", "0.8", "0.9"]),
        (0...7, ["0", "2", "4", "6"]), (0...8000, ["0", "2k", "4k", "6k", "8k"]), (-3...3, ["−2", "0", "2"]),
        (0...0.003, ["0.000", "0.001", "0.002", "0.003"]),
    ])
    func ticksAreRoundNumbers(range: ClosedRange<Double>, labels: [String]) {
        let axis = Axis("", range)
        #expect(axis.ticks.map(axis.label) == labels)
        #expect(axis.domain == range)
    }

    @Test func anAxisCanGrowToItsTicks() {
        let axis = Axis("", 0.63...0.91, count: 4, endsAtTicks: true)
        #expect(isNear(axis.domain.lowerBound, 0.6) && isNear(axis.domain.upperBound, 1))
    }

    @Test func anAxisOfOneValueHasALength() {
        let axis = Axis("", 0.5...0.5)
        #expect(axis.domain == 0...1 && axis.fraction(of: 0.5) == 0.5)
        #expect(Axis(logarithmic: "", 100...100).fraction(of: 100) == 0.5)
    }

    @Test func aLogarithmicAxisHasEqualLengthsForEqualRatios() {
        let axis = Axis(logarithmic: "", 500...80000)
        #expect(axis.ticks.map(axis.label) == ["500", "1k", "2k", "5k", "10k", "20k", "50k"])
        let steps = [(1000.0, 2000.0), (10000, 20000)].map { axis.fraction(of: $0.1) - axis.fraction(of: $0.0) }
        #expect(isNear(steps[0], steps[1]))
        #expect(Axis(logarithmic: "", 1...1_000_000).ticks.count == 7)
    }

    @Test func aValueOutsideAnAxisLiesAtItsEnd() {
        let axis = Axis("", 0...1)
        #expect(axis.fraction(of: -3) == 0 && axis.fraction(of: 3) == 1)
        #expect(Axis(logarithmic: "", 1...10).fraction(of: -1) == 0)
    }

    @Test func aDrawingHasShortNumbersAndNoneThatABrowserRejects() {
        var svg = SVG(width: 10, height: 10)
        svg.line(.init(x: .nan, y: .infinity), .init(x: 1.0 / 3, y: -0.001), class: "line")
        let markup = svg.markup(label: "a \"b\" <c>")
        #expect(markup.contains("x1=\"0\" y1=\"0\" x2=\"0.33\" y2=\"-0\""))
        #expect(markup.contains("aria-label=\"a &quot;b&quot; &lt;c&gt;\""))
    }

    @Test func aLinePassesThroughItsPoints() {
        let chart = LineChart(
            x: Axis("x", 0...1), y: Axis("y", 0...1),
            lines: [.init(name: "l", points: [.init(x: 0, y: 0), .init(x: 1, y: 1)])])
        #expect(chart.markup(label: "c").contains("d=\"M46 278L348 10\""))
    }

    @Test func theLongestBarFillsTheWidthAndBarsKeepTheirProportion() throws {
        let chart = BarChart(
            bars: [.init(name: "a", value: 4, label: "4"), .init(name: "b", value: 1, label: "1")]
        ).markup(label: "c")
        let widths = chart.matches(of: /<rect [^>]*width="([\d.]+)"/).compactMap { Double($0.1) }
        #expect(widths.count == 2 && widths[0] == 4 * widths[1] && widths[0] > 100)
        #expect(BarChart(bars: [.init(name: "a", value: 0, label: "0")]).markup(label: "c").contains("width=\"0\""))
    }

    @Test func aHeatMapTellsTheShareOfEachRow() {
        let map = HeatMap(rowTitle: "r", columnTitle: "c", names: ["a<b", "c"], counts: [[3, 1], [0, 0]])
            .markup(label: "m")
        #expect(map.contains("--share:0.75") && map.contains(">25\u{A0}%<"))
        #expect(map.contains("3 of 4 ‘a&lt;b’ answered ‘a&lt;b’"))
    }

    @Test func aGaugeCanRunFromALargeValueToASmallOne() {
        let gauge = Gauge(start: 0.6, end: 0, value: 0.15, interval: Interval(low: 0.3, high: 0.9)).markup
        #expect(gauge.contains("cx=\"75.00%\""))
        #expect(gauge.contains("x1=\"50.00%\" x2=\"0.00%\""))
    }
}

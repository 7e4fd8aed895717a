import Feedback
import Foundation

/// A number with two digits after the point.
func decimals(_ number: Double) -> String { String(format: "%.2f", number) }

/// The day of a report.
func day(_ report: FeedbackRecord) -> String { String("\(report.time)".prefix(10)) }

/// A text with spaces after it, in at least `width` columns.
func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - CellWidth.of(text)))
}

/// The sum and the sum of the squares of some numbers.
struct Moments: Sendable {
    private var count = 0
    private var sum = 0
    private var squares = 0

    /// Adds a number.
    mutating func add(_ number: Int) {
        count += 1
        sum += number
        squares += number * number
    }

    /// Adds the numbers of others.
    mutating func add(_ other: Moments) {
        count += other.count
        sum += other.sum
        squares += other.squares
    }

    /// The standard deviation of all numbers.
    var deviation: Double {
        guard count > 0 else { return 0 }
        let mean = Double(sum) / Double(count)
        return max(0, Double(squares) / Double(count) - mean * mean).squareRoot()
    }
}

/// What a row costs that is not on its side of the margin of a support vector machine.
public enum MarginLoss: String, Sendable, CaseIterable {
    /// The square of the distance that is missing.
    case squaredHinge = "squared-hinge"
    /// The distance that is missing.
    case hinge
}

/// Trains a support vector machine of two classes by changing one coordinate of its dual problem at a time.
///
/// Each row has a coordinate α from 0 to a bound, and the weights are the sum of all rows, each times its α and its sign.
/// Rows whose α seems to stay at a bound are left out until the other rows are done.
///
/// - Source: Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM", algorithm 3.
struct DualCoordinateDescent: Sendable {
    /// The search ends when the projected gradients of all rows differ by no more than this.
    var tolerance = 0.1
    /// The most passes over the rows.
    var maximumPasses = 1000
    /// The seed of the order of the rows, which is another one in each pass.
    var seed: UInt64 = 1

    /// A plane that separates two classes.
    struct Plane: Sendable {
        /// The weight of each column.
        var weights: [Double]
        /// The bias.
        var bias = 0.0
        /// The number of passes over the rows.
        var passes = 0
        /// Whether the tolerance was reached.
        var isConverged = false
    }

    /// Minimizes half the squared length of the weights and the bias, plus the loss of all rows.
    ///
    /// - Parameters:
    ///   - rows: The rows.
    ///   - signs: 1 for a row of the class, and −1 for a row of the rest.
    ///   - costs: The weight of the loss of each row, above zero.
    ///   - loss: The loss.
    /// - Returns: The plane.
    func minimize(_ rows: SparseMatrix, signs: [Double], costs: [Double], _ loss: MarginLoss) -> Plane {
        var random = SplitMix64(seed: seed)
        var plane = Plane(weights: Array(repeating: 0, count: rows.columnCount))
        var problem = Problem(rows, signs: signs, costs: costs, loss)
        while plane.passes < maximumPasses {
            plane.passes += 1
            let isLast = problem.isComplete
            guard problem.pass(over: rows, &plane, &random) <= tolerance else { continue }
            if isLast && problem.isComplete {
                plane.isConverged = true
                break
            }
            problem.activateAll()
        }
        return plane
    }

    /// The coordinates of all rows.
    private struct Problem {
        let signs: [Double]
        let bounds: [Double]
        /// What the loss adds to the second derivative of each coordinate.
        let diagonals: [Double]
        /// The second derivative of each coordinate.
        let curvatures: [Double]
        var alphas: [Double]
        /// The rows, of which the first ones are active.
        var order: [Int]
        var active: Int
        /// The range of the projected gradients of the last pass.
        ///
        /// Outside of it, a row at a bound is left out.
        var low = -Double.infinity
        var high = Double.infinity

        init(_ rows: SparseMatrix, signs: [Double], costs: [Double], _ loss: MarginLoss) {
            self.signs = signs
            switch loss {
            case .hinge: (bounds, diagonals) = (costs, costs.map { _ in 0 })
            case .squaredHinge: (bounds, diagonals) = (costs.map { _ in .infinity }, costs.map { 1 / (2 * $0) })
            }
            // The bias is the weight of a column of ones.
            let own = diagonals
            curvatures = own.indices.map { row in
                rows.values[rows.range(of: row)].reduce(1 + own[row]) { $0 + Double($1) * Double($1) }
            }
            alphas = own.map { _ in 0 }
            order = Array(own.indices)
            active = order.count
        }

        /// Whether no row is left out.
        var isComplete: Bool { active == order.count }

        /// Takes all rows into the next pass.
        mutating func activateAll() { (active, low, high) = (order.count, -.infinity, .infinity) }

        /// Changes the coordinates of all active rows, one after the other.
        ///
        /// - Returns: The size of the range of the projected gradients.
        mutating func pass(over rows: SparseMatrix, _ plane: inout Plane, _ random: inout SplitMix64) -> Double {
            var (least, most) = (Double.infinity, -Double.infinity)
            for index in 0..<max(0, active - 1) {
                order.swapAt(index, index + random.index(below: active - index))
            }
            var index = 0
            while index < active {
                let row = order[index]
                let gradient = signs[row] * rows.score(of: row, plane) - 1 + alphas[row] * diagonals[row]
                let (isLow, isHigh) = (alphas[row] == 0, alphas[row] == bounds[row])
                if isLow && gradient > high || isHigh && gradient < low {
                    active -= 1
                    order.swapAt(index, active)
                    continue
                }
                index += 1
                let projected = isLow ? min(gradient, 0) : isHigh ? max(gradient, 0) : gradient
                (least, most) = (min(least, projected), max(most, projected))
                guard projected != 0 else { continue }
                let alpha = min(max(alphas[row] - gradient / curvatures[row], 0), bounds[row])
                rows.add((alpha - alphas[row]) * signs[row], row, to: &plane)
                alphas[row] = alpha
            }
            low = least < 0 ? least : -.infinity
            high = most > 0 ? most : .infinity
            return active == 0 ? 0 : most - least
        }
    }
}

extension SparseMatrix {
    /// The score that a plane gives a row.
    fileprivate func score(of row: Int, _ plane: borrowing DualCoordinateDescent.Plane) -> Double {
        var sum = plane.bias
        for index in range(of: row) { sum += Double(values[index]) * plane.weights[Int(columns[index])] }
        return sum
    }

    /// Adds a multiple of a row to a plane.
    fileprivate func add(_ factor: Double, _ row: Int, to plane: inout DualCoordinateDescent.Plane) {
        plane.bias += factor
        for index in range(of: row) { plane.weights[Int(columns[index])] += factor * Double(values[index]) }
    }
}

/// Rows of float32 in a buffer, `stride` floats apart.
struct Matrix {
    let start: UnsafeMutablePointer<Float>
    let stride: Int

    /// The same rows from `row` on.
    func from(row: Int) -> Matrix { Matrix(start: start + row * stride, stride: stride) }
}

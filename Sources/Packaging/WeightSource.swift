/// A source of named arrays of floating-point numbers, such as a checkpoint or a model that was just trained.
protocol WeightSource {
    /// Reads an array.
    ///
    /// - Parameters:
    ///   - name: The array's name.
    ///   - shape: The shape that it must have.
    /// - Returns: The elements, row-major and finite.
    /// - Throws: An error that names the array and its source if it is missing, has another shape, or holds a value
    ///   that is not a finite number.
    func floats(_ name: String, shape: [Int]) throws -> [Float]

    /// Throws an error unless there is an array with this name and shape.
    ///
    /// The elements are not read.
    func check(_ name: String, shape: [Int]) throws
}

/// A file of a checkpoint with named arrays.
protocol WeightFile {
    /// The path that the file was opened with.
    var path: String { get }

    /// The names of the arrays, sorted.
    var names: [String] { get }

    /// Whether an array has floating-point numbers. It is false if there is none with this name.
    func isFloat(_ name: String) -> Bool

    /// Whether the file has an array with this name.
    func contains(_ name: String) -> Bool

    /// The shape of an array, or nil if there is none with this name.
    func shape(of name: String) -> [Int]?

    /// Reads an array as float32.
    ///
    /// - Parameters:
    ///   - name: The array's name.
    ///   - shape: The shape that it must have, or nil for any.
    /// - Returns: The elements, row-major.
    /// - Throws: `PackagingError` if the array is missing, has another shape or type, or is larger than its bytes.
    func floats(_ name: String, shape: [Int]?) throws -> [Float]
}

extension Safetensors: WeightFile {}

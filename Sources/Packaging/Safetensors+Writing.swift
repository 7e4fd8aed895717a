public import Files
internal import JSON

extension Safetensors {
    /// An array to write, in float32.
    public struct NewTensor {
        /// The name.
        public let name: String
        /// The extents, outermost first.
        public let shape: [Int]
        let count: Int
        let append: (borrowing AtomicFile) throws(FileError) -> Void

        /// Describes an array.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - shape: The extents, outermost first.
        ///   - values: The elements, row-major, as many as the shape says.
        public init(_ name: String, shape: [Int], _ values: ArraySlice<Float>) {
            (self.name, self.shape, count) = (name, shape, values.count)
            append = { (file) throws(FileError) in
                try values.withUnsafeBytes { bytes in
                    Result { () throws(FileError) in try file.append(bytes) }
                }.get()
            }
        }

        /// Describes an array in memory that exists until it is written.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - shape: The extents, outermost first.
        ///   - values: The elements, row-major, as many as the shape says.
        public init(_ name: String, shape: [Int], reading values: UnsafeBufferPointer<Float>) {
            (self.name, self.shape, count) = (name, shape, values.count)
            append = { (file) throws(FileError) in try file.append(UnsafeRawBufferPointer(values)) }
        }
    }

    /// Writes a file, completely or not at all.
    ///
    /// - Parameters:
    ///   - path: The file to create or replace.
    ///   - metadata: The strings under `__metadata__`.
    ///   - tensors: The arrays.
    /// - Throws: `FileError` if the file cannot be written. Then a file that was there before is kept.
    public static func write(
        to path: String, metadata: [(key: String, value: String)], tensors: [NewTensor]
    ) throws(FileError) {
        var header = JSONWriter()
        header.beginObject()
        header.key("__metadata__")
        header.beginObject()
        for (key, value) in metadata {
            header.key(key)
            header.value(.string(value))
        }
        header.endObject()
        var offset = 0
        for tensor in tensors {
            precondition(tensor.count == tensor.shape.reduce(1, *), "\(tensor.name) has another shape")
            let end = offset + 4 * tensor.count
            header.key(tensor.name)
            header.value(
                .object([
                    .init(key: "dtype", value: .string("F32")),
                    .init(key: "shape", value: .array(tensor.shape.map { .number(Double($0)) })),
                    .init(key: "data_offsets", value: .array([.number(Double(offset)), .number(Double(end))])),
                ]))
            offset = end
        }
        header.endObject()
        // Spaces bring the data to a multiple of eight bytes, which readers that map the file need.
        let bytes = header.bytes + Array(repeating: UInt8(ascii: " "), count: (8 - header.bytes.count % 8) % 8)
        let file = try AtomicFile(path: path)
        try file.append(littleEndianBytes([UInt64(bytes.count)]) + bytes)
        for tensor in tensors { try tensor.append(file) }
        try file.commit()
    }
}

/// A value that several tensors are made of.
///
/// It is made for the first reader and released after the last one.
final class Shared<Value> {
    private let make: () throws -> Value
    private var made: Value?
    private var readers: Int

    /// Declares a value.
    ///
    /// - Parameters:
    ///   - readers: The number of times that the value will be read.
    ///   - make: Makes the value.
    init(readers: Int, _ make: @escaping () throws -> Value) {
        self.readers = readers
        self.make = make
    }

    func value() throws -> Value {
        let value = try made ?? make()
        readers -= 1
        made = readers > 0 ? value : nil
        return value
    }
}

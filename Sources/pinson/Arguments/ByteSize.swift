import ArgumentParser

/// A number of bytes, such as `400KB`, `1.5MB`, `2MiB` or `1500000`.
struct ByteSize: ExpressibleByArgument {
    let bytes: Int

    private static let units: [(name: String, bytes: Double)] = [
        ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1),
    ]

    init?(argument: String) {
        let unit = Self.units.first { argument.uppercased().hasSuffix($0.name.uppercased()) } ?? ("", 1)
        let digits = argument.dropLast(unit.name.count)
        guard let number = Double(digits), number >= 1, (number * unit.bytes).isFinite, number * unit.bytes < 1e15
        else { return nil }
        bytes = Int(number * unit.bytes)
    }
}

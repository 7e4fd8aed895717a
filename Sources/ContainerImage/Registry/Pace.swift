/// How slow a registry may be before an operation is given up.
///
/// The slowest connection that works is one of 64 kbit/s.
struct Pace: Sendable {
    /// The fewest bytes in a second, on average over one window.
    var rate: Int64 = 1 << 10
    /// The time over which the rate is measured.
    var window: Duration = .seconds(120)
    /// The longest time in which nothing arrives or can be sent.
    ///
    /// A registry may need some minutes after the last byte of a large upload.
    var silence: Duration = .seconds(300)
    /// The longest time for an operation without any bytes, with all its attempts.
    var base: Duration = .seconds(600)
    /// The fewest bytes in a second, on average over a whole operation, in addition to `base`.
    var averageRate: Int64 = 8 << 10

    /// The longest time for an operation that moves `size` bytes.
    func total(for size: Int64) -> Duration {
        min(base + .seconds(Double(max(0, size)) / Double(averageRate)), .seconds(30 * 86_400))
    }

    /// The time at which an operation that moves `size` bytes and starts now is given up.
    func deadline(for size: Int64) -> ContinuousClock.Instant { .now + total(for: size) }
}

/// Counts the bytes of one transfer, and notices if it is too slow.
struct TransferMeter {
    enum Direction: String {
        case sent
        case taken = "took"
    }

    /// The request, for the error.
    let request: String
    /// What the registry does with the bytes.
    let direction: Direction
    /// The number of bytes that are expected, at most.
    let size: Int64
    let pace: Pace
    private var all = Count()
    private var window = Count()

    private struct Count {
        var bytes: Int64 = 0
        var time: Duration = .zero

        mutating func add(_ bytes: Int, _ time: Duration) {
            self.bytes += Int64(bytes)
            self.time += time
        }
    }

    init(_ request: String, _ direction: Direction, size: Int64, pace: Pace) {
        self.request = request
        self.direction = direction
        self.size = size
        self.pace = pace
    }

    /// Counts bytes that the registry has moved, and the time that it needed.
    ///
    /// The time in which this process did something else is not the registry's.
    mutating func add(_ bytes: Int, after time: Duration) throws(ContainerImageError) {
        all.add(bytes, time)
        window.add(bytes, time)
        let total = pace.total(for: size)
        if all.time > total { throw error(all, wanted: "everything within \(seconds(total))") }
        guard window.time >= pace.window else { return }
        let wanted = Double(pace.rate) * (window.time / .seconds(1))
        if Double(window.bytes) < wanted { throw error(window, wanted: "at least \(Int64(wanted)) bytes in this time") }
        window = Count()
    }

    private func error(_ count: Count, wanted: String) -> ContainerImageError {
        .tooSlow(
            request: request, got: "the registry \(direction.rawValue) \(count.bytes) bytes in \(seconds(count.time))",
            wanted: wanted)
    }
}

/// A duration in seconds, for people.
func seconds(_ duration: Duration) -> String {
    let tenths = (duration / .milliseconds(100)).rounded()
    return tenths >= 100 ? "\(Int(tenths / 10)) s" : "\(tenths / 10) s"
}

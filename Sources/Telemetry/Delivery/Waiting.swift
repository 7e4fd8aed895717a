/// The events that wait for a destination: a queue with two bounds.
struct Waiting {
    private var events: [TelemetryEvent] = []
    private var bytes = 0
    private let limit: Int

    /// The bytes that may wait, whatever the number of events is.
    static let byteLimit = 8 << 20
    /// The bytes of the events of one batch.
    static let batchBytes = 1 << 20

    init(limit: Int) { self.limit = limit }

    /// The number of events.
    var count: Int { events.count }

    /// Adds an event.
    ///
    /// - Returns: Whether there was room for it.
    mutating func add(_ event: TelemetryEvent) -> Bool {
        guard events.count < limit else { return false }
        let size = event.bytes
        guard bytes + size <= Self.byteLimit else { return false }
        events.append(event)
        bytes += size
        return true
    }

    /// Takes the oldest events.
    mutating func take(_ limit: Int) -> [TelemetryEvent] {
        var (count, size) = (0, 0)
        while count < min(limit, events.count), count == 0 || size + events[count].bytes <= Self.batchBytes {
            size += events[count].bytes
            count += 1
        }
        let batch = Array(events.prefix(count))
        events.removeFirst(count)
        bytes -= size
        return batch
    }

    /// Forgets everything.
    mutating func removeAll() { (events, bytes) = ([], 0) }
}

public import Files
import JSON

/// The alerts of a volume, and what became of them, for all instances that share the volume.
///
/// Alerts have consecutive numbers. The file of an alert is created under its number only if the number is free, after
/// all alerts with smaller numbers were read. So of two instances that decide at the same time, one is second, sees what
/// the first one has decided, and decides again: no report is part of two alerts.
///
/// Whoever sends an alert through a channel holds a lease, a file that only one instance can create. It ends when the
/// result is written, at the time that it names, or when its process is gone. An outbox is used from one thread.
public final class Outbox {
    /// What is known about an alert and one of its channels.
    enum State: Equatable {
        case new
        case leased(attempt: Int, until: FeedbackTime, instance: String)
        case failed(attempt: Int, retry: FeedbackTime)
        case done
    }

    let volume: any Volume
    let instance: String
    let now: () -> FeedbackTime
    /// The time after which a lease ends, in milliseconds.
    let leaseTime: Int
    /// All names of the outbox, as they were read last.
    var names: Set<String> = []
    /// The contents of files that were read, which never change.
    var contents: [String: JSON] = [:]

    /// The alerts, by their numbers.
    public internal(set) var alerts: [Int: Alert] = [:]
    /// Whether an instance is writing an alert at this moment, so that nothing can be decided yet.
    public private(set) var isUnsettled = false
    /// The largest number that is taken.
    private var lastNumber = 0

    /// A file that is incomplete after this time, in milliseconds, was left by a process that has ended.
    static let writingTime = 60_000

    /// Creates an outbox, without touching the volume.
    ///
    /// - Parameters:
    ///   - volume: The folder of the outbox.
    ///   - instance: The instance that uses it.
    ///   - leaseTime: The time that sending may take, in milliseconds.
    ///   - now: The time.
    public init(
        _ volume: any Volume, instance: FeedbackInstance, leaseTime: Int = 60_000,
        now: @escaping () -> FeedbackTime = { .now }
    ) {
        (self.volume, self.leaseTime, self.now) = (volume, leaseTime, now)
        self.instance = instance.key
    }

    /// Reads what all instances have written.
    ///
    /// - Throws: `FileError` if the volume cannot be read.
    public func refresh() throws(FileError) {
        let all = try volume.names()
        names = Set(all)
        contents = contents.filter { names.contains($0.key) }
        isUnsettled = false
        var numbers: Set<Int> = []
        for name in all {
            guard let parsed = OutboxName(name) else { continue }
            lastNumber = max(lastNumber, parsed.number)
            guard parsed.kind == .alert else { continue }
            numbers.insert(parsed.number)
            guard alerts[parsed.number] == nil else { continue }
            if let alert = try content(name).flatMap(Alert.init) {
                alerts[parsed.number] = alert
            } else if let status = volume.status(of: name),
                abs(now().milliseconds - status.changed.milliseconds) < Self.writingTime
            {
                isUnsettled = true
            }
        }
        alerts = alerts.filter { numbers.contains($0.key) }
    }

    /// The reports that alerts have named.
    public var reported: Set<FeedbackID> { Set(alerts.values.flatMap(\.reports)) }

    /// When the last alert about something was raised, or nil.
    ///
    /// - Parameter cause: What it is about.
    /// - Returns: The time.
    public func last(_ cause: Alert.Cause) -> FeedbackTime? {
        alerts.values.filter { $0.cause == cause }.map(\.time).max()
    }

    /// Writes a new alert, unless another instance has written one since the outbox was read.
    ///
    /// - Parameter alert: The alert, whose number does not count.
    /// - Returns: The alert with its number, or nil if another instance was faster; then read and decide again.
    /// - Throws: `FileError` if the volume refuses.
    public func raise(_ alert: Alert) throws(FileError) -> Alert? {
        var alert = alert
        alert.number = lastNumber + 1
        let name = OutboxName(alert.number, .alert).file
        guard try publish(name, alert.json) != nil else { return nil }
        (alerts[alert.number], lastNumber) = (alert, alert.number)
        return alert
    }

    /// Creates a file with this content, unless it exists.
    func publish(_ name: String, _ json: JSON) throws(FileError) -> (any VolumeFile)? {
        var writer = JSONWriter()
        writer.value(json)
        guard let file = try volume.publish(name, Line.framed(writer.bytes)) else { return nil }
        names.insert(name)
        contents[name] = json
        return file
    }

    /// The content of a file, or nil if it does not exist or is not complete.
    func content(_ name: String) throws(FileError) -> JSON? {
        if let known = contents[name] { return known }
        guard let bytes = try volume.contents(of: name), let line = Line.lines(of: bytes).lines.first?.content,
            let json = try? JSON(parsing: line)
        else { return nil }
        contents[name] = json
        return json
    }
}

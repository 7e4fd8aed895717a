import NIOConcurrencyHelpers
public import NIOCore
import NIOPosix
import WebClient

/// Tells servers what happens in the function.
///
/// One event goes to every destination that is interested in it. No request waits for a server, unless the settings want
/// it, and what waits for a server is bounded.
public final class Telemetry: Sendable {
    private let settings: TelemetrySettings
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let destinations: [Destination]
    /// Tells the collector of the metrics for the last time.
    private let lastReport = NIOLockedValueBox<@Sendable () -> Void>({})

    /// The time that an answer waits for its telemetry at most, if the settings want it to wait.
    public static let answerTimeout = TimeAmount.milliseconds(500)

    /// Starts a thread, or returns nil if the settings want nothing to be sent.
    ///
    /// - Parameters:
    ///   - settings: Where telemetry is sent.
    ///   - resource: What sends it.
    ///   - tell: Hears of failures.
    public init?(
        _ settings: TelemetrySettings, _ resource: Resource, tell: @escaping @Sendable (DeliveryEvent) -> Void
    ) {
        guard settings.isOn else { return nil }
        self.settings = settings
        let eventLoop = group.next()
        func options(_ address: WebAddress, timeout: Int) -> Destination.Options {
            .init(
                address: address, headers: [("User-Agent", "pinson/\(resource["service.version"])")],
                timeout: .milliseconds(Int64(timeout)), queueSize: settings.queueSize, batchSize: settings.batchSize,
                delay: .milliseconds(Int64(settings.delay)))
        }
        var destinations: [Destination] = []
        if let insights = settings.applicationInsights {
            destinations.append(
                Destination(
                    ApplicationInsights(insights, resource),
                    options(insights.address, timeout: settings.timeout), on: eventLoop, tell: tell))
        }
        for collector in settings.collectors {
            var options = options(collector.address, timeout: collector.timeout)
            options.headers += collector.headers.map { ($0.name, $0.value) }
            options.compresses = collector.compresses
            // The metrics count from the start of the function, so a report that is lost loses nothing.
            if collector.signal == .metrics { (options.queueSize, options.batchSize) = (1, 1) }
            destinations.append(
                Destination(OTLPFormat(collector.signal, resource), options, on: eventLoop, tell: tell))
        }
        self.destinations = destinations
    }

    /// What became of the events, for each destination.
    public var counts: [DestinationCounts] { destinations.map(\.counts) }

    /// Starts a span for a request.
    ///
    /// - Parameter caller: The trace of the request, or nil if it begins here.
    /// - Returns: The trace, with a span of this function.
    public func trace(continuing caller: Trace?) -> Trace { Trace(continuing: caller, settings.sampler) }

    /// Tells every destination that is interested of an event.
    ///
    /// It never waits for a server.
    ///
    /// - Parameter event: The event.
    public func record(_ event: TelemetryEvent) {
        for destination in destinations where destination.format.accepts(event) { destination.record(event) }
    }

    /// Tells the collector of the metrics at regular times, if there is one.
    ///
    /// - Parameter read: The metrics as they are now, or nil if the function has ended.
    public func reportMetrics(_ read: @escaping @Sendable () -> [Metric]?) {
        guard settings.collectors.contains(where: { $0.signal == .metrics }) else { return }
        let (start, interval) = (Timestamp.now, TimeAmount.milliseconds(Int64(settings.metricInterval)))
        let report: @Sendable () -> Void = { [weak self] in
            if let self, let metrics = read() { record(TelemetryEvent(.metrics(metrics, since: start))) }
        }
        lastReport.withLockedValue { $0 = report }
        group.next().scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in report() }
    }

    /// Sends what waits.
    ///
    /// - Parameters:
    ///   - time: The longest time that it may take.
    ///   - eventLoop: The event loop of the result.
    /// - Returns: Success in any case.
    public func flush(within time: TimeAmount, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        wait(for: destinations.map { $0.flush() }, time, eventLoop)
    }

    /// Sends what waits, and waits for it.
    ///
    /// It must not be called on an event loop.
    ///
    /// - Parameter time: The longest time that it may take.
    public func flush(within time: TimeAmount) { try? flush(within: time, on: group.next()).wait() }

    /// Sends what waits for the last time, and ends.
    ///
    /// It must not be called on an event loop.
    ///
    /// - Parameter time: The longest time that it may take.
    public func stop(within time: TimeAmount) {
        lastReport.withLockedValue { $0 }()
        try? wait(for: destinations.map { $0.stop() }, time, group.next()).wait()
        for destination in destinations { destination.abandon() }
        group.shutdownGracefully { _ in }
    }

    private func wait(
        for futures: [EventLoopFuture<Void>], _ time: TimeAmount, _ eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        let first = eventLoop.makePromise(of: Void.self)
        let timer = eventLoop.scheduleTask(in: time) { first.succeed() }
        EventLoopFuture.andAllComplete(futures, on: eventLoop).whenComplete { _ in
            timer.cancel()
            first.succeed()
        }
        return first.futureResult
    }
}

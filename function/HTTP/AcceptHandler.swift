import Glibc
import NIOCore

/// Waits a moment when no connection can be accepted, for example because the process has no descriptors left.
///
/// Otherwise the event loop would try again at once, without end.
final class AcceptHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    /// The time until the next try.
    static let pause = TimeAmount.milliseconds(200)
    /// The shortest time between two lines in the log.
    static let logInterval = TimeAmount.seconds(60)

    private let report: @Sendable (_ reason: String) -> Void
    private var lastReport: NIODeadline?

    /// Creates the handler of the listening socket.
    ///
    /// - Parameter report: Tells people why no connection can be accepted.
    init(report: @escaping @Sendable (_ reason: String) -> Void) { self.report = report }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        let now = context.eventLoop.now
        if lastReport.map({ now - $0 >= Self.logInterval }) ?? true {
            lastReport = now
            report(String(cString: strerror(error.errnoCode)))
        }
        let channel = context.channel
        channel.setOption(.autoRead, value: false).whenComplete { _ in }
        context.eventLoop.scheduleTask(in: Self.pause) {
            channel.setOption(.autoRead, value: true).whenComplete { _ in }
        }
    }
}

@available(*, unavailable)
extension AcceptHandler: Sendable {}

import Foundation
import Glibc

/// A client that sends one request at a time to the function, and reads the answer to its end.
struct TrialClient {
    /// The path and the body of a request.
    struct Request {
        let bytes: [UInt8]

        /// A request for a prediction.
        init(body: String) {
            self.init(
                head: "POST /predict", "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n", body)
        }

        /// A request for the settings.
        static let info = Request(head: "GET /info", "", "")

        private init(head: String, _ headers: String, _ body: String) {
            bytes = Array("\(head) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n\(body)".utf8)
        }
    }

    /// The bytes of an answer, with its status.
    struct Answer {
        let bytes: [UInt8]

        /// The status code, or nil if the connection ended without an answer.
        var status: Int? {
            bytes.starts(with: Array("HTTP/1.".utf8)) && bytes.count > 12
                ? Int(String(decoding: bytes[9..<12], as: UTF8.self)) : nil
        }

        /// The text after the headers.
        var body: String {
            let text = String(decoding: bytes, as: UTF8.self)
            return text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
        }
    }

    private let socket: LoopbackSocket
    private let request: Request
    private var sent = 0
    private var received: [UInt8] = []

    /// Starts to connect, or returns nil if that is not possible.
    init?(_ request: Request, port: UInt16, client number: Int) {
        guard let socket = LoopbackSocket(port: port, client: number) else { return nil }
        self.socket = socket
        self.request = request
    }

    /// Whether all bytes of the request, or all but the last one, have been sent.
    func hasSent(allButOne: Bool) -> Bool { sent >= request.bytes.count - (allButOne ? 1 : 0) }

    /// What this client waits for.
    func poller(allButOne: Bool) -> pollfd {
        let events = hasSent(allButOne: allButOne) ? POLLIN : POLLIN | POLLOUT
        return pollfd(fd: socket.descriptor, events: Int16(events), revents: 0)
    }

    /// Sends and reads what is possible now, and returns the answer once the function has closed the connection.
    mutating func advance(allButOne: Bool = false) -> Answer? {
        if let sent = socket.send(request.bytes, from: sent, to: request.bytes.count - (allButOne ? 1 : 0)) {
            self.sent = sent
        }
        while let bytes = socket.receive() {
            guard !bytes.isEmpty else { return Answer(bytes: received) }
            // The status and the settings are at the start; the rest of a long answer is not of interest.
            if received.count < 1 << 16 { received += bytes }
        }
        return nil
    }

    /// Sends one request and waits for its answer.
    ///
    /// - Throws: `TrialFailure` if there is no answer with the status 200.
    static func ask(_ request: Request, port: UInt16) throws -> Answer {
        guard var client = TrialClient(request, port: port, client: 0) else {
            throw TrialFailure(reason: "it does not accept connections on port \(port)")
        }
        let deadline = ContinuousClock.now + .seconds(FunctionProcess.patience)
        while ContinuousClock.now < deadline {
            if let answer = client.advance() {
                guard answer.status == 200 else {
                    let line = String(decoding: answer.bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
                    throw TrialFailure(reason: "it answered '\(line)' instead of a prediction")
                }
                return answer
            }
            var poller = client.poller(allButOne: false)
            _ = poll(&poller, 1, 1000)
        }
        throw TrialFailure(reason: "it did not answer within \(FunctionProcess.patience) s")
    }
}

import Foundation
import Glibc

/// One run of the function with a model: the time until it answers, and the memory that it needs.
struct TrialRun {
    /// The seconds from the start to the first answer.
    let startUp: Double
    /// The peak memory in bytes, after texts of the maximum length.
    let resident: Int64

    struct Failure: Error, CustomStringConvertible {
        let reason: String
        var description: String {
            "The trial run of the function failed: \(reason). Run the program by hand, or use --estimate."
        }
    }

    /// Runs the function, and stops it again.
    ///
    /// - Parameters:
    ///   - program: The path of the function.
    ///   - model: The absolute path of a model file.
    /// - Throws: `Failure` if the function does not start or does not answer.
    init(program: String, model: String) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.environment = ["PORT": "0", "MODEL_PATH": model, "LOG_LEVEL": "info"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let start = ContinuousClock.now
        do { try process.run() } catch {
            throw Failure(reason: "\(program) cannot be started: \(error.localizedDescription)")
        }
        defer { Self.stop(process) }
        let port = try Self.port(output.fileHandleForReading.fileDescriptor)
        try Self.ask(port, text: "so good")
        startUp = (.now - start) / .seconds(1)
        // The longest texts need the most memory. Two are sent, in case the second one needs more than the first.
        for _ in 0..<2 { try Self.ask(port, text: String(repeating: "word ", count: 2000)) }
        resident = try Self.peak(of: process.processIdentifier)
    }

    /// The milliseconds to wait for the function, which is longer than any platform waits.
    private static let patience: Int32 = 240_000

    private static func stop(_ process: Process) {
        process.terminate()
        for _ in 0..<100 where process.isRunning { usleep(100_000) }  // As long as platforms wait.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Reads the port from the log line that reports that the function is ready.
    private static func port(_ output: Int32) throws -> UInt16 {
        struct Line: Decodable {
            var message: String
            var port: UInt16?
        }
        let deadline = ContinuousClock.now + .milliseconds(Int(patience))
        var text = Data()
        while text.count < 1 << 20 {
            let left = Int32((deadline - .now) / .milliseconds(1))
            var poller = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&poller, 1, left) > 0 else {
                throw Failure(reason: "it did not report that it is ready")
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(output, &buffer, buffer.count)
            guard count > 0 else {
                throw Failure(reason: "it ended with the output '\(Self.lastLine(of: text))'")
            }
            text += buffer.prefix(count)
            for line in text.split(separator: UInt8(ascii: "\n")) {
                if let line = try? JSONDecoder().decode(Line.self, from: line), let port = line.port { return port }
            }
        }
        throw Failure(reason: "it did not report that it is ready")
    }

    private static func lastLine(of text: Data) -> String {
        String(decoding: text.split(separator: UInt8(ascii: "\n")).last ?? Data(), as: UTF8.self).prefix(500)
            .description
    }

    private static func ask(_ port: UInt16, text: String) throws {
        let body = "{\"text\":\"\(text)\"}"
        let request =
            "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(reason: "it does not accept connections on port \(port)") }
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(reason: "it does not accept requests")
        }
        var answer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &answer, answer.count, 0)
        let head = String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
        guard head.hasPrefix("HTTP/1.1 200") else {
            throw Failure(reason: "it answered '\(head.prefix { $0 != "\r" })' instead of a prediction")
        }
    }

    private static func peak(of process: Int32) throws -> Int64 {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = Int64(line.filter(\.isNumber))
        else { throw Failure(reason: "the system does not report its memory") }
        return kibibytes * 1024
    }
}

import Fixtures
import Foundation
import Glibc

/// A mail server or a web server of its own process, which keeps what it accepts in a folder.
final class AlertServer {
    let port: Int
    private let folder: URL
    private let process = Process()

    /// Whether this machine has the library of the mail server.
    static let canReceiveMail: Bool = {
        guard let python = Python.interpreter, Program.find("openssl") != nil else { return false }
        return (try? Program.run(python, ["-c", "import aiosmtpd"]).status) == 0
    }()

    /// Starts a server and waits until it listens.
    ///
    /// - Parameters:
    ///   - kind: `smtp` or `http`.
    ///   - folder: An existing folder.
    ///   - port: The port, or 0 for any.
    ///   - arguments: The modes or statuses, as `alert_server.py` describes them.
    /// - Throws: `Client.Failure` if the server does not start.
    init(_ kind: String, in folder: URL, port: Int = 0, _ arguments: [String]) throws {
        self.folder = folder
        process.executableURL = Python.interpreter
        let script = Workplace.repository.appendingPathComponent("Tests/PinsonTests/alert_server.py").path
        process.arguments = [script, kind, folder.path, "\(port)"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let bytes = output.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw Client.Failure() }
            line += bytes
        }
        self.port = Int(String(decoding: line, as: UTF8.self).dropLast()) ?? 0
    }

    /// A mail server with a certificate for `localhost`.
    static func mail(in folder: URL, port: Int = 0, _ modes: String) throws -> AlertServer {
        let (key, certificate) = (folder.appendingPathComponent("key.pem"), authority(in: folder))
        if !FileManager.default.fileExists(atPath: key.path) {
            let openssl = try Program.run(
                Program.find("openssl") ?? key,
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key.path, "-out", certificate.path,
                ])
            guard openssl.status == 0 else { throw Client.Failure() }
        }
        return try AlertServer("smtp", in: folder, port: port, [modes, certificate.path, key.path])
    }

    /// The file with the certificate of the mail server.
    static func authority(in folder: URL) -> URL { folder.appendingPathComponent("certificate.pem") }

    /// The environment of a program that sends e-mails to this server.
    func mailEnvironment(password: String = "right", security: String = "starttls") -> [String: String] {
        [
            "SMTP_SERVER": "localhost", "SMTP_PORT": "\(port)", "SMTP_SECURITY": security, "SMTP_USER": "pinson",
            "SMTP_PASSWORD": password, "SMTP_EMAIL": "pinson@example.com", "ADMIN_EMAIL": "ada@example.com",
            "SSL_CERT_FILE": Self.authority(in: folder).path,
        ]
    }

    /// What the server has accepted: a line of JSON about it, and the content.
    var accepted: [(about: [String: Any], content: String)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".accepted") }.compactMap { name in
            guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path),
                let end = data.firstIndex(of: UInt8(ascii: "\n")),
                let about = try? JSONSerialization.jsonObject(with: data[..<end]) as? [String: Any]
            else { return nil }
            return (about, String(decoding: data[(end + 1)...], as: UTF8.self))
        }
    }

    /// Waits until the server has accepted this many messages, at most for a minute.
    func waitForAccepted(_ count: Int) {
        for _ in 0..<600 where accepted.count < count { usleep(100_000) }
    }

    /// Whether the server hangs in the middle of a message, after waiting for it.
    func waitUntilItHangs() -> Bool {
        let mark = folder.appendingPathComponent("hanging").path
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: mark) { usleep(100_000) }
        return FileManager.default.fileExists(atPath: mark)
    }

    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { stop() }
}

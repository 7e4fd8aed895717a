import Glibc
import NIOConcurrencyHelpers
import NIOSSL

/// The authorities that may vouch for servers.
///
/// They are read when the first connection needs them, and not before.
enum Trust {
    private static let known = NIOLockedValueBox<[String: NIOSSLContext]>([:])

    /// The files in which distributions of Linux keep the authorities.
    static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    /// What a client needs for TLS.
    ///
    /// - Parameter file: The value of `SSL_CERT_FILE`, or nil.
    /// - Returns: The context, which is made once for each file.
    /// - Throws: `DeliveryFailure` if there are no authorities.
    static func context(
        file: String? = getenv("SSL_CERT_FILE").map { String(cString: $0) }
    ) throws(DeliveryFailure) -> NIOSSLContext {
        let named = file.flatMap { $0.isEmpty ? nil : $0 }
        guard let path = named ?? systemFiles.first(where: { access($0, R_OK) == 0 }) else {
            throw failure("No file with the certificates of authorities was found, so no server can be trusted.")
        }
        if let context = known.withLockedValue({ $0[path] }) { return context }
        guard access(path, R_OK) == 0 else {
            throw failure("SSL_CERT_FILE names '\(path)', which cannot be read: \(String(cString: strerror(errno))).")
        }
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(path)
            configuration.minimumTLSVersion = .tlsv12
            let context = try NIOSSLContext(configuration: configuration)
            known.withLockedValue { $0[path] = context }
            return context
        } catch {
            throw failure("The certificates in '\(path)' cannot be used: \(error).")
        }
    }

    private static func failure(_ reason: String) -> DeliveryFailure {
        DeliveryFailure(
            step: "TLS", reason: reason,
            advice:
                "Add the certificates to the image (`pinson image build --ca-certificates FILE`), or name a file with them "
                + "in SSL_CERT_FILE.", isRefusal: true)
    }
}

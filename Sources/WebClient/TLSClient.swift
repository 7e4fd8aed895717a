import NIOCore
public import NIOSSL

/// TLS towards a server whose certificate must be valid for its name.
public enum TLSClient {
    /// A handler of TLS.
    ///
    /// - Parameter host: The name or the address of the server.
    /// - Returns: The handler.
    /// - Throws: `DeliveryFailure` if there are no authorities, or an error of the library.
    public static func handler(_ host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: Trust.context(), serverHostname: isAddress ? nil : host)
    }

    /// Whether an error says that the server has closed the connection without the end of TLS.
    ///
    /// - Parameter error: The error of a connection.
    /// - Returns: Whether it does.
    public static func isEnd(_ error: any Error) -> Bool {
        if case .uncleanShutdown? = error as? NIOSSLError { true } else { false }
    }

    /// What an error of a connection says, or nil if it is not one of TLS.
    ///
    /// - Parameters:
    ///   - error: The error of a connection.
    ///   - host: The name of the server.
    /// - Returns: The failure, or nil.
    public static func failure(_ error: any Error, host: String) -> DeliveryFailure? {
        if let failure = error as? DeliveryFailure { return failure }
        guard error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError else { return nil }
        let text = "\(error)"
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            return DeliveryFailure(
                step: "TLS", reason: "The certificate of the server is not valid for the name '\(host)'.",
                advice: "Use the name that is in the certificate.", isRefusal: true)
        }
        let bytes = Array(text.utf8)
        if position(of: "CERTIFICATE_VERIFY_FAILED", in: bytes) != nil {
            return DeliveryFailure(
                step: "TLS",
                reason: "The certificate of '\(host)' was not issued by an authority that is trusted here.",
                advice: "If the authority is your own, name a file with its certificate in SSL_CERT_FILE.",
                isRefusal: true)
        }
        let mark = "OPENSSL_internal:"
        let detail = position(of: mark, in: bytes).map { found in
            String(decoding: bytes[(found + mark.utf8.count)...].prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        }
        return DeliveryFailure(
            step: "TLS", reason: "TLS with '\(host)' has failed: \(detail ?? "the connection ended").",
            advice: "Check whether the server speaks TLS 1.2 or newer on this port.")
    }
}

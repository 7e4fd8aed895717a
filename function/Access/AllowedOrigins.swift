import NIOHTTP1

/// The other websites whose pages may call the function from a browser.
///
/// The function uses no cookies, so it never allows a browser to send any.
///
/// - Source: WHATWG, Fetch, section 3.2 (the CORS protocol).
struct AllowedOrigins: Sendable, Equatable {
    private var origins: Set<String> = []
    private var allowsAll = false

    /// No other website.
    init() {}

    /// Reads `CORS_ORIGINS`: origins with commas between them, or `*` for all.
    ///
    /// - Throws: `SettingsError` if an origin is not valid.
    init(environment: Environment) throws(SettingsError) {
        guard let text = environment["CORS_ORIGINS"] else { return }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let origin = part.filter { $0 != " " }.lowercased()
            if origin == "*" {
                allowsAll = true
                continue
            }
            let host = ["https://", "http://"].first { origin.hasPrefix($0) }.map { origin.dropFirst($0.count) }
            guard let host, !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
                !host.contains(where: { "/?#@*".contains($0) })
            else {
                throw SettingsError(
                    name: "CORS_ORIGINS", found: String(origin.prefix(200)),
                    expected: "* or origins such as https://www.example.com, without a path, with a comma between two "
                        + "of them")
            }
            origins.insert(origin)
        }
    }

    /// The headers of an answer, which tell the browser whether the page may read it.
    func headers(for request: Request) -> [(String, String)] {
        guard allowsAll || !origins.isEmpty else { return [] }
        let vary = allowsAll ? [] : [("Vary", "Origin")]
        guard let origin = request.origin, allows(origin) else { return vary }
        return vary + [
            ("Access-Control-Allow-Origin", allowsAll ? "*" : origin),
            ("Access-Control-Expose-Headers", "X-Request-Id, Retry-After, ETag"),
        ]
    }

    /// The further headers of the answer to a question of the browser, whether the page may send a request.
    func preflightHeaders(for request: Request, _ methods: [HTTPMethod]) -> [(String, String)] {
        guard request.isPreflight, let origin = request.origin, allows(origin) else { return [] }
        return [
            ("Access-Control-Allow-Methods", methods.map(\.rawValue).joined(separator: ", ")),
            (
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Request-Id, Traceparent"
            ),
            ("Access-Control-Max-Age", "7200"),
        ]
    }

    private func allows(_ origin: String) -> Bool { allowsAll || origins.contains(origin) }
}

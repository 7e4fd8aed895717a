/// Who may send which requests, and how many.
struct AccessSettings: Sendable, Equatable {
    /// The keys of clients.
    var keys = APIKeys()
    /// The other websites whose pages may call the function.
    var origins = AllowedOrigins()
    /// The requests that one client may send, or nil if their number is not limited.
    var rateLimit: RateLimit?
    /// The number of proxies in front of the function whose `X-Forwarded-For` is true.
    var trustedProxies = 0

    /// Everything is open, except for what needs a key.
    init() {}

    /// Reads the settings.
    ///
    /// - Throws: `SettingsError` for the first variable whose value is not valid.
    init(environment: Environment) throws(SettingsError) {
        keys = try APIKeys(environment: environment)
        origins = try AllowedOrigins(environment: environment)
        rateLimit = try RateLimit(environment: environment)
        trustedProxies = try environment.integer("TRUSTED_PROXIES", 0...10) ?? 0
    }
}

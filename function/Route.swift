import NIOHTTP1

/// The endpoint that a path belongs to.
struct Route: Equatable {
    enum Endpoint: String, CaseIterable {
        case root = "/"
        case predict = "/predict"
        case health = "/health"
        case live = "/health/live"
        case readiness = "/health/ready"
        case info = "/info"
        case metrics = "/metrics"

        var method: HTTPMethod { self == .predict ? .POST : .GET }
    }

    /// The endpoint, or nil for an unknown path.
    let endpoint: Endpoint?
    private let path: String

    init(_ path: String) {
        self.path = path
        if let endpoint = Endpoint(rawValue: path) {
            self.endpoint = endpoint
        } else if path.hasPrefix("/api/"), let endpoint = Endpoint(rawValue: String(path.dropFirst(4))),
            endpoint.method == .POST
        {
            self.endpoint = endpoint
        } else {
            endpoint = nil
        }
    }

    /// The name under which requests are counted.
    ///
    /// All unknown paths have the same name.
    var name: String { endpoint?.rawValue ?? "other" }

    /// Whether a platform calls the endpoint at short intervals.
    ///
    /// Such requests are logged as debug messages.
    var isProbe: Bool {
        switch endpoint {
        case .health, .live, .readiness, .metrics: true
        default: false
        }
    }

    /// The endpoint, if it allows `method`.
    ///
    /// HEAD is allowed where GET is.
    ///
    /// - Throws: `Problem` with status 404 or 405.
    func endpoint(allowing method: HTTPMethod) throws(Problem) -> Endpoint {
        guard let endpoint else {
            throw Problem(
                status: .notFound,
                detail: "There is no '\(path.prefix(200))'. POST /predict classifies; GET /info describes the model.")
        }
        let allowed = endpoint.method == .GET ? "GET, HEAD" : endpoint.method.rawValue
        guard method == endpoint.method || method == .HEAD && endpoint.method == .GET else {
            throw Problem(
                status: .methodNotAllowed,
                detail: "\(endpoint.rawValue) allows \(allowed), but the request is \(method.rawValue).",
                headers: [("Allow", allowed)])
        }
        return endpoint
    }
}

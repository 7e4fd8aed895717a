import NIOHTTP1

/// What a path stands for.
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

    /// Nil for a path that stands for nothing.
    let endpoint: Endpoint?
    private let path: String

    init(_ request: Request) {
        path = request.path
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

    /// For counting: one name for all paths that stand for nothing.
    var name: String { endpoint?.rawValue ?? "other" }

    var isProbe: Bool {
        switch endpoint {
        case .health, .live, .readiness, .metrics: true
        default: false
        }
    }

    /// The endpoint, if it takes `method`; HEAD is taken wherever GET is.
    func checked(_ method: HTTPMethod) throws(Problem) -> Endpoint {
        guard let endpoint else {
            throw Problem(
                status: .notFound,
                detail: "There is no '\(path.prefix(200))'; POST /predict classifies, GET /info describes the model.")
        }
        let allowed = endpoint.method == .GET ? "GET, HEAD" : endpoint.method.rawValue
        guard method == endpoint.method || method == .HEAD && endpoint.method == .GET else {
            throw Problem(
                status: .methodNotAllowed, detail: "\(endpoint.rawValue) takes \(allowed), not \(method.rawValue).",
                headers: [("Allow", allowed)])
        }
        return endpoint
    }
}

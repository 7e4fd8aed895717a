import NIOHTTP1

/// The endpoint that a request belongs to.
struct Route: Equatable {
    enum Endpoint: String, CaseIterable {
        case root = "/"
        case predict = "/predict"
        case health = "/health"
        case live = "/health/live"
        case readiness = "/health/ready"
        case info = "/info"
        case metrics = "/metrics"
        case feedback = "/feedback"
        case erasure = "/feedback/{id}"
        case errorReport = "/report_error"
    }

    /// The endpoint, or nil for an unknown path.
    let endpoint: Endpoint?
    private let path: String

    /// Further paths, under which other servers have these endpoints.
    private static let aliases: [String: Endpoint] = [
        "/api/predict": .predict, "/invocations": .predict, "/ping": .health, "/api/feedback": .feedback,
        "/api/report_error": .errorReport,
    ]

    /// Finds the endpoint of a request.
    ///
    /// POST to the path `/` is a prediction, as in other servers of models.
    init(_ path: String, _ method: HTTPMethod) {
        self.path = path
        endpoint =
            path == "/" && method == .POST
            ? .predict
            : Endpoint(rawValue: path) ?? Self.aliases[path] ?? (Self.reportName(path) == nil ? nil : .erasure)
    }

    /// The name of the report in the path `/feedback/NAME`, or nil for another path.
    static func reportName(_ path: String) -> Substring? {
        for prefix in ["/feedback/", "/api/feedback/"] where path.hasPrefix(prefix) {
            let name = path.dropFirst(prefix.count)
            return name.isEmpty || name.contains("/") ? nil : name
        }
        return nil
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
        let allowed: [HTTPMethod] =
            switch endpoint {
            case .predict, .feedback, .errorReport: [.POST]
            case .erasure: [.DELETE]
            case .root: [.GET, .HEAD, .POST]
            default: [.GET, .HEAD]
            }
        guard allowed.contains(method) else {
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                status: .methodNotAllowed,
                detail: "\(path) allows \(list), but the request is \(method.rawValue).",
                headers: [("Allow", list)])
        }
        return endpoint
    }
}

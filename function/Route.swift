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
        case `operator` = "/operator"
        case contract = "/openapi.json"
        case documentation = "/docs"
    }

    /// The endpoint, or nil for an unknown path.
    let endpoint: Endpoint?
    private let path: String

    /// Further paths, under which other servers have these endpoints.
    static let aliases: [String: Endpoint] = [
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
    /// HEAD is allowed where GET is, and OPTIONS everywhere.
    ///
    /// - Throws: `Problem` with status 404 or 405.
    func endpoint(allowing method: HTTPMethod) throws(Problem) -> Endpoint {
        guard let endpoint else {
            throw Problem(
                status: .notFound,
                detail: "There is no '\(path.prefix(200))'. POST /predict classifies; GET /info describes the model.")
        }
        guard endpoint.methods.contains(method) || method == .OPTIONS else {
            let names = methods.map(\.rawValue)
            throw Problem(
                status: .methodNotAllowed,
                detail: "\(path) allows \(names.dropLast().joined(separator: ", ")), but the request is "
                    + "\(method.rawValue).",
                headers: [("Allow", names.joined(separator: ", "))])
        }
        return endpoint
    }

    /// The methods that the path allows.
    var methods: [HTTPMethod] { (endpoint?.methods ?? []) + (path == "/" ? [.POST] : []) + [.OPTIONS] }
}

extension Route.Endpoint {
    /// The methods of the endpoint besides OPTIONS.
    fileprivate var methods: [HTTPMethod] {
        switch self {
        case .predict, .feedback, .errorReport: [.POST]
        case .erasure: [.DELETE]
        default: [.GET, .HEAD]
        }
    }
}

/// Why a run or a model cannot be stored or fetched, and what to do next.
public enum TrackingError: Error, Equatable, CustomStringConvertible {
    /// A name, an address or a document is not valid.
    case invalid(what: String, reason: String, advice: String)
    /// The system refused an operation on a file.
    case file(path: String, action: String, reason: String)
    /// A server answered a request with an error.
    case refused(request: String, status: Int, code: String, detail: String)
    /// A server did not answer a request.
    case unreachable(request: String, reason: String)
    /// A store of artifacts answered a request with an error, or did not answer; then there is no status.
    case store(request: String, status: Int?, reason: String, advice: String)
    /// Bytes that were fetched are not those that were stored.
    case mismatch(what: String, found: String, expected: String)

    /// What failed, why, and what to do about it.
    public var description: String {
        switch self {
        case .invalid(let what, let reason, let advice): "\(what): \(reason). \(advice)"
        case .file(let path, let action, let reason):
            "\(path): cannot \(action) it: \(reason). Check the path and its permissions."
        case .refused(let request, let status, let code, let detail):
            "\(request): the server answered \(status)\(([code, detail].filter { !$0.isEmpty }).map { ", \($0)" }.joined()). "
                + advice(status)
        case .unreachable(let request, let reason):
            "\(request): \(reason). Check MLFLOW_TRACKING_URI, the network and the server."
        case .store(let request, _, let reason, let advice): "\(request): \(reason). \(advice)"
        case .mismatch(let what, let found, let expected):
            "\(what): found \(found), expected \(expected). "
                + "It was changed or cut short after it was stored; store it again."
        }
    }

    /// Whether the cause is outside this machine, rather than an input that is wrong.
    public var isOutside: Bool {
        switch self {
        case .refused, .unreachable, .store: true
        default: false
        }
    }

    /// Whether a server says that something does not exist.
    public var isMissing: Bool {
        switch self {
        case .refused(_, let status, let code, _): status == 404 || code == "RESOURCE_DOES_NOT_EXIST"
        case .store(_, let status, _, _): status == 404
        default: false
        }
    }

    private func advice(_ status: Int) -> String {
        switch status {
        case 300..<400:
            "Redirects are not followed, because they could lead to another host. Give the final address."
        case 401, 403:
            "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, to an account that may do this."
        case 404: "Check the name and the address."
        case 413: "Ask the operator of the server to accept larger requests."
        case 429, 500...: "Try again later, or ask the operator of the server."
        default: "Check the name and the value."
        }
    }
}

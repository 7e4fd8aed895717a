import AsyncHTTPClient
public import Foundation
import NIOCore
import NIOHTTP1

/// A Log Analytics workspace, or a resource of Application Insights, that answers queries in KQL.
///
/// - Source: Microsoft Learn, "Azure Monitor Log Analytics API" and "Application Insights REST API", version 1.
public struct LogAnalytics: Sendable {
    /// What is queried.
    public enum Resource: Sendable, Equatable {
        /// A workspace, by its identifier.
        case workspace(String)
        /// A resource of Application Insights, by the identifier of the application.
        case application(String)
    }

    /// The most bytes of an answer.
    static let largestAnswer = 128 << 20

    /// What is queried.
    public let resource: Resource
    private let address: URL
    private let connection: Connection

    /// Reads the account from an environment.
    ///
    /// The variables are `AZURE_MONITOR_TOKEN`, an access token, and `AZURE_MONITOR_ENDPOINT`, the address of the service in
    /// another cloud than the public one.
    ///
    /// - Parameters:
    ///   - resource: What is queried.
    ///   - environment: The variables.
    ///   - patience: How long and how often the service is asked.
    /// - Throws: `TrackingError.invalid` if there is no token, or the identifier or the address is not valid.
    public init(
        _ resource: Resource, _ environment: [String: String], patience: Patience = Patience()
    ) throws(TrackingError) {
        let (service, part, id) =
            switch resource {
            case .workspace(let id): ("https://api.loganalytics.azure.com", "workspaces", id)
            case .application(let id): ("https://api.applicationinsights.io", "apps", id)
            }
        let isName = !id.isEmpty && id.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D }
        guard isName else {
            throw .invalid(
                what: "the identifier '\(id.prefix(40))'",
                reason: "it has other characters than letters, digits and '-'",
                advice: "Give the identifier that the page of the resource shows, such as a1b2c3d4-….")
        }
        let endpoint = environment["AZURE_MONITOR_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? service
        guard let base = URL(string: endpoint), base.host != nil, base.user == nil,
            base.scheme == "https" || base.scheme == "http" && base.isLoopback,
            let address = URL(string: "\(endpoint)/v1/\(part)/\(id)/query")
        else {
            throw .invalid(
                what: "AZURE_MONITOR_ENDPOINT", reason: "it is not an address that begins with https://",
                advice: "Set it to an address such as https://api.loganalytics.us.")
        }
        guard let token = environment["AZURE_MONITOR_TOKEN"], !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw .invalid(
                what: "AZURE_MONITOR_TOKEN", reason: "it is not set to an access token",
                advice: "Set it to what `az account get-access-token --resource \(service) "
                    + "--query accessToken --output tsv` prints.")
        }
        self.resource = resource
        self.address = address
        connection = Connection(
            to: address, environment, certificates: nil, .bearer(token), patience)
    }

    /// Sends a query.
    ///
    /// - Parameter query: The query in KQL.
    /// - Returns: The answer: JSON with the member `tables`.
    /// - Throws: `TrackingError` if the service cannot be reached or refuses, or if the answer has more than 128 MiB.
    public func answer(_ query: String) async throws -> Data {
        let name = "POST \(address.withoutSecrets)"
        let body = try JSONEncoder().encode(["query": query])
        // The wait header lets the service work for as long as this client waits.
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Prefer": "wait=60"]
        do {
            let answer = try await connection.send(
                .POST, address, headers: headers, body: .bytes(body), answerSize: Int64(Self.largestAnswer))
            guard (200..<300).contains(answer.status) else { return try await connection.document(answer, name) }
            var bytes = Data()
            for try await part in answer.body {
                bytes.append(contentsOf: part.readableBytesView)
                guard bytes.count <= Self.largestAnswer else {
                    throw TrackingError.invalid(
                        what: name, reason: "the answer has more than \(Self.largestAnswer) bytes",
                        advice: "Query a shorter time.")
                }
            }
            return bytes
        } catch let error as TrackingError {
            throw Self.own(error)
        } catch {
            throw Self.own(.unreachable(request: name, reason: Connection.reason(error)))
        }
    }

    /// The error with advice for this service.
    private static func own(_ error: TrackingError) -> TrackingError {
        switch error {
        case .refused(let request, let status, let code, let detail):
            let reason = (["the service answered \(status)", code, detail].filter { !$0.isEmpty }).joined(
                separator: ", ")
            let advice =
                switch status {
                case 401, 403: "Check AZURE_MONITOR_TOKEN: it lasts about an hour, and its account must be a reader."
                case 404: "Check the identifier of the workspace or the application."
                case 400: "Check the query, and that the workspace has its table."
                default: "Try again later."
                }
            return .store(request: request, status: status, reason: reason, advice: advice)
        case .unreachable(let request, let reason):
            return .store(
                request: request, status: nil, reason: reason, advice: "Check AZURE_MONITOR_ENDPOINT and the network.")
        default: return error
        }
    }
}

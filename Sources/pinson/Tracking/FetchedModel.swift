import ArgumentParser
import Foundation
import Tracking

/// Model files that are named by their place on a tracking server.
enum FetchedModel {
    /// The server that the environment names.
    ///
    /// - Throws: `ValidationError` if it names none.
    static func server() throws -> MLflowServer {
        guard let server = try MLflowServer.named(by: ProcessInfo.processInfo.environment) else {
            throw ValidationError(
                "Registered models, and models of runs, are on a server. "
                    + "Set MLFLOW_TRACKING_URI to its address, such as http://localhost:5000.")
        }
        return server
    }

    /// The path of a model file: `name` itself, or that of a copy if `name` is a model on the server.
    static func path(_ name: String) async throws -> String {
        guard let reference = try ModelReference(name) else { return name }
        let path = try await ModelFetcher(server(), cache: cache).fetch(reference)
        say("\(name) is \(path)")
        return path
    }

    /// The same, for a command that is not asynchronous.
    static func path(waitingFor name: String) throws -> String {
        guard try ModelReference(name) != nil else { return name }
        return try waiting { try await path(name) }
    }

    /// The folder for the copies, as the XDG Base Directory Specification has it.
    private static var cache: String {
        let variable = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? ""
        return (variable.hasPrefix("/") ? variable : "\(NSHomeDirectory())/.cache") + "/pinson/models"
    }
}

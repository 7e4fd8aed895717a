import Fixtures
import Foundation

@testable import Tracking

extension MLflowProcess {
    /// The server as the environment would name it.
    func mlflow(patience: Patience = Patience()) throws -> MLflowServer {
        guard
            let server = try MLflowServer.named(
                by: ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(port)"], patience: patience)
        else { throw TrackingError.invalid(what: "the test", reason: "there is no server", advice: "") }
        return server
    }
}

import JSON
import NIOHTTP1

extension Service {
    /// `GET /health` and `GET /health/live`: 200 while the process lives.
    func health() -> Response { .json(value: ["status": .string("ok")]) }

    /// `GET /health/ready`: 200, or 503 as soon as the function drains.
    func readiness() -> Response {
        let isReady = lifecycle.isReady
        return .json(isReady ? .ok : .serviceUnavailable, value: ["status": .string(isReady ? "ready" : "draining")])
    }
}

import Inference
import JSON
import NIOCore
import NIOHTTP1

extension Service {
    /// `GET /`: the page for a browser, and a message for anything else.
    func root(accept: String) -> Response {
        guard accept.contains("text/html") else {
            return .json(value: ["message": .string("\(classifier.name) is online: POST /predict")])
        }
        return Response(.ok, "text/html; charset=utf-8", ByteBuffer(bytes: PackageResources.page_html))
    }
}

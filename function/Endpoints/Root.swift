import Inference
import JSON
import NIOCore
import NIOHTTP1

extension Service {
    /// `GET /`: the page for a browser, and a message for anything else.
    func root(accept: String) -> Response {
        var response =
            AcceptHeader(accept).prefersHTML
            ? Response(.ok, "text/html; charset=utf-8", ByteBuffer(bytes: PackageResources.page_html))
            : .json(value: ["message": .string("\(classifier.name) is online: POST /predict")])
        response.headers.append(("Vary", "Accept"))
        return response
    }
}

import Inference
import JSON
import NIOHTTP1

extension Service {
    /// `GET /`: the page for a browser, and a message for anything else.
    func root(_ request: Request) -> Response {
        if AcceptHeader(request.accept).prefersHTML { return WebPage.document.response(to: request) }
        var response = Response.json(value: ["message": .string("\(classifier.name) is online: POST /predict")])
        response.headers.append(("Vary", "Accept"))
        return response
    }
}

import NIOCore
import NIOHTTP1

extension Service {
    /// `OPTIONS`: the methods that a path allows, and for a browser whether a page of another website may use them.
    func options(_ request: Request, _ methods: [HTTPMethod]) -> Response {
        let allow = [("Allow", methods.map(\.rawValue).joined(separator: ", "))]
        return Response(
            .noContent, "", ByteBuffer(),
            headers: allow + settings.access.origins.preflightHeaders(for: request, methods))
    }
}

import JSON

/// The description of the routes in OpenAPI: `function/openapi.json`, as it is served.
///
/// - Source: OpenAPI Specification 3.1.
enum Contract {
    /// The description itself.
    static let document = Document("application/json", PackageResources.openapi_json)

    /// The description as a page.
    static let page: Document = {
        let style = WebPage.style([PackageResources.base_css, PackageResources.docs_css])
        let contract = (try? JSON(parsing: PackageResources.openapi_json)) ?? .null
        let policy = ContentSecurityPolicy(style: style)
        return Document(
            "text/html; charset=utf-8", ContractPage(contract, style: style).bytes, headers: policy.headers)
    }()
}

import JSON

/// The description of the routes as a page that needs no script.
struct ContractPage {
    private let contract: JSON
    private var html = HTML()

    /// Writes the page.
    ///
    /// - Parameters:
    ///   - contract: The description in OpenAPI.
    ///   - style: The style sheet.
    init(_ contract: JSON, style: [UInt8]) {
        self.contract = contract
        let title = contract["info"]?["title"]?.text ?? ""
        html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        html.element("title", "\(title): the API")
        html.raw("<link rel=\"icon\" href=\"data:,\"><style>")
        html.raw(style)
        html.raw("</style></head><body><main>")
        html.element("h1", "\(title): the API")
        html.element("p", contract["info"]?["description"].text ?? "", "class=\"lead\"")
        html.raw("<p>Programs can read the same description at <a href=\"openapi.json\"><code>openapi.json</code></a>.")
        html.raw(" The <a href=\"./\">page for people</a> calls the same routes.</p>")
        var described: [String: String] = [:]
        for (path, item) in contract["paths"].members { append(path, item, &described) }
        for (name, schema) in contract["components"]?["schemas"].members ?? [] { append(schema: name, schema) }
        html.raw("</main></body></html>\n")
    }

    /// The page in UTF-8.
    var bytes: [UInt8] { html.bytes }

    /// A path, or where it is described if another path is the same.
    private mutating func append(_ path: String, _ item: JSON, _ described: inout [String: String]) {
        let reference = item["$ref"].text
        if !reference.isEmpty, let other = described[reference] {
            html.element("h2", path)
            html.raw("<p>The same as <code>")
            html.text(other)
            html.raw("</code>.</p>")
            return
        }
        described[reference] = path
        for (method, operation) in resolve(item).members where method != "parameters" {
            html.raw("<h2><span class=\"method\">")
            html.text(method.uppercased())
            html.raw("</span>")
            html.text(path)
            html.raw("</h2>")
            html.element("p", "\(operation["summary"].text). \(operation["description"].text)")
            let parameters = (resolve(item)["parameters"].values + operation["parameters"].values).map(resolve)
            table("Parameters", parameters.map { ($0["name"].text, $0["description"].text, JSON?.none) })
            append(body: operation["requestBody"])
            let answers = operation["responses"].members.map { status, response in
                (status, resolve(response)["description"].text, resolve(response)["content"].members.first?.1["schema"])
            }
            table("Answers", answers)
        }
    }

    private mutating func append(body: JSON?) {
        guard let content = body?["content"].members.first?.1 else { return }
        html.raw("<h3>Body</h3><p>")
        html.raw(type(of: content["schema"] ?? .null))
        html.raw("</p>")
        for (_, example) in content["examples"].members {
            var writer = JSONWriter()
            writer.value(example["value"] ?? .null)
            html.element("pre", writer.text)
        }
    }

    private mutating func append(schema name: String, _ schema: JSON) {
        html.element("h2", name, "id=\"\(HTML.escaped(name))\"")
        html.element("p", schema["description"].text)
        html.raw("<p>\(type(of: schema))</p>")
        let required = schema["required"].values
        let members = schema["properties"].members.filter { $0.1 != ["type": .string("null")] }
        table(
            "Members",
            members.map { name, value in
                (name, (required.contains(.string(name)) ? "Required. " : "") + value["description"].text, value)
            })
    }

    private mutating func table(_ title: String, _ rows: [(name: String, text: String, schema: JSON?)]) {
        guard !rows.isEmpty else { return }
        html.element("h3", title)
        html.raw("<table>")
        for row in rows {
            html.raw("<tr><td><code>\(HTML.escaped(row.name))</code></td><td>")
            html.text(row.text)
            if let schema = row.schema { html.raw(" <span class=\"soft\">\(type(of: schema))</span>") }
            html.raw("</td></tr>")
        }
        html.raw("</table>")
    }

    /// What a value may be, in HTML.
    private func type(of schema: JSON) -> String {
        let reference = schema["$ref"].text
        if let name = reference.split(separator: "/").last.map(String.init) {
            return "<a href=\"#\(HTML.escaped(name))\">\(HTML.escaped(name))</a>"
        }
        let choices = schema["anyOf"].values
        if !choices.isEmpty { return choices.map(type).joined(separator: " or ") }
        if let items = schema["items"] { return "array of \(type(of: items))" }
        let names = schema["enum"].values
        if !names.isEmpty {
            return names.map { "<code>\(HTML.escaped($0.isNull ? "null" : $0.text))</code>" }.joined(separator: " or ")
        }
        let types = schema["type"].values.isEmpty ? [schema["type"] ?? .null] : schema["type"].values
        return HTML.escaped(types.map(\.text).joined(separator: " or "))
    }

    /// The value that a reference such as `#/components/schemas/Text` names, or the value itself.
    private func resolve(_ value: JSON) -> JSON {
        let reference = value["$ref"].text
        guard !reference.isEmpty else { return value }
        return reference.split(separator: "/").dropFirst().reduce(contract) { $0[String($1)] ?? .null }
    }
}

extension JSON {
    fileprivate var text: String { if case .string(let text) = self { text } else { "" } }

    fileprivate var isNull: Bool { self == .null }
}

extension JSON? {
    fileprivate var text: String { self?.text ?? "" }

    fileprivate var values: [JSON] { if case .array(let values)? = self { values } else { [] } }

    fileprivate var members: [(String, JSON)] {
        if case .object(let members)? = self { members.map { ($0.key, $0.value) } } else { [] }
    }
}

extension JSON {
    fileprivate var members: [(String, JSON)] { Optional(self).members }
}

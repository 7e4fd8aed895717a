import Fixtures
import Foundation
import JSON
import ModelFile
import NIOHTTP1
import Testing

@testable import function

/// `openapi.json` describes exactly what is served.
@Suite struct ContractTests {
    private static let key = "secret"

    /// Calls `body` with a function, its contract, and the schemas of it.
    private func with(_ body: (RunningFunction, JSON, ContractSchema) throws -> Void) throws {
        try Workplace.withFolder { folder in
            var feedback = FeedbackSettings()
            feedback.folder = folder.path
            let function = try RunningFunction(feedback: feedback, access: ["API_KEYS": "operate:\(Self.key)"])
            defer { function.server.drain() }
            let answer = try function.request("GET", "/openapi.json")
            #expect(answer.headers["content-type"] == "application/json" && answer.headers["etag"] != nil)
            let contract = try JSON(parsing: answer.body.utf8)
            try body(function, contract, ContractSchema(contract: contract))
        }
    }

    /// Checks that an answer has a status, a type and a body of the contract.
    private func check(_ answer: HTTPAnswer, _ operation: JSON?, _ schemas: ContractSchema, _ what: String) throws {
        let response = schemas.resolve(operation?["responses"]?["\(answer.status)"] ?? .null)
        #expect(response["description"] != nil, "\(what): \(answer.status) is not in the contract")
        let type = answer.headers["content-type"]?.prefix { $0 != ";" } ?? ""
        let schema = response["content"]?[String(type)]?["schema"]
        #expect(schema != nil || answer.body.isEmpty, "\(what): \(type) is not in the contract")
        for (name, _) in schemas.members(response["headers"]) where name != "ETag" || answer.status == 200 {
            #expect(answer.headers[name.lowercased()] != nil, "\(what): no header \(name)")
        }
        guard type.hasSuffix("json"), let schema else { return }
        #expect(try schemas.problems(JSON(parsing: answer.body.utf8), schema) == [], "\(what)")
    }

    @Test func everyPathAndMethodIsInTheContractAndNoOther() throws {
        try with { function, contract, schemas in
            let aliases = Route.aliases.keys + ["/api/feedback/{id}"]
            let paths = schemas.members(contract["paths"]).map(\.0)
            #expect(Set(paths) == Set(Route.Endpoint.allCases.map(\.rawValue) + aliases))
            for (path, item) in schemas.members(contract["paths"]) {
                let methods = schemas.members(schemas.resolve(item)).map(\.0).filter { $0 != "parameters" }
                let served = Route(path, .GET).methods.map(\.rawValue).filter { $0 != "HEAD" && $0 != "OPTIONS" }
                #expect(methods.map { $0.uppercased() }.sorted() == served.sorted(), "\(path)")
            }
            #expect(contract["info"]?["version"] == .string(pinsonVersion))
            #expect(contract["openapi"] == .string("3.1.0"))
        }
    }

    @Test func everyReferenceLeadsSomewhereAndEverySchemaIsUsed() throws {
        try with { function, contract, schemas in
            let text = try function.request("GET", "/openapi.json").body
            let references = Set(text.matches(of: /"\$ref": "(#[^"]+)"/).map { String($0.1) })
            #expect(references.count > 30)
            for reference in references {
                #expect(schemas.resolve(["$ref": .string(reference)]) != .null, "\(reference)")
            }
            for group in ["schemas", "responses", "headers", "pathItems"] {
                for (name, _) in schemas.members(contract["components"]?[group]) {
                    #expect(references.contains("#/components/\(group)/\(name)"), "\(group)/\(name) is not used")
                }
            }
        }
    }

    @Test func everyExampleIsAnsweredAsTheContractSays() throws {
        try with { function, contract, schemas in
            var count = 0
            for (path, item) in schemas.members(contract["paths"]) {
                let operation = schemas.resolve(item)["post"]
                let content = operation?["requestBody"]?["content"]?["application/json"]
                for (name, example) in schemas.members(content?["examples"]) {
                    var writer = JSONWriter()
                    let value = example["value"] ?? .null
                    writer.value(value)
                    #expect(try schemas.problems(value, content?["schema"] ?? .null) == [], "\(path) \(name)")
                    let answer = try function.request("POST", path, body: writer.text)
                    #expect(answer.status == 200, "\(path) \(name)")
                    try check(answer, operation, schemas, "\(path) \(name)")
                    count += 1
                }
            }
            #expect(count >= 16)
        }
    }

    @Test func everyDocumentIsAnsweredAsTheContractSays() throws {
        try with { function, contract, schemas in
            _ = try function.predict(#"{"text":"late"}"#)
            for (path, item) in schemas.members(contract["paths"]) {
                guard let operation = schemas.resolve(item)["get"] else { continue }
                let answer = try function.request("GET", path, headers: ["X-API-Key": Self.key])
                #expect(answer.status == 200, "\(path)")
                try check(answer, operation, schemas, path)
            }
        }
    }

    @Test func everyRefusalIsInTheContract() throws {
        try with { function, contract, schemas in
            let bad: [(String, String, String?, [String: String], Int)] = [
                ("POST", "/predict", "{", [:], 400), ("POST", "/predict", "{}", [:], 422),
                ("POST", "/predict", #"{"texts":[]}"#, [:], 422), ("POST", "/feedback", "[]", [:], 422),
                ("POST", "/predict", #"{"text":"a"}"#, ["Content-Encoding": "gzip"], 415),
                ("POST", "/predict", String(repeating: " ", count: 70_000), [:], 413),
                ("POST", "/report_error", "{}", [:], 400), ("GET", "/operator", nil, [:], 401),
                ("DELETE", "/feedback/{id}", nil, ["X-API-Key": Self.key], 404),
            ]
            for (method, path, body, headers, status) in bad {
                let answer = try function.request(method, path, body: body, headers: headers)
                #expect(answer.status == status, "\(method) \(path)")
                let item = schemas.resolve(contract["paths"]?[path] ?? .null)
                try check(answer, item[method.lowercased()], schemas, "\(method) \(path) \(status)")
            }
        }
    }

    @Test func thePageOfTheContractHasAllOfItAndNoScript() throws {
        try with { function, contract, schemas in
            let page = try function.request("GET", "/docs")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8" && page.headers["etag"] != nil)
            #expect(page.headers["content-security-policy"]?.contains("script-src 'none'") == true)
            for (path, _) in schemas.members(contract["paths"]) { #expect(page.body.contains(">\(path)<"), "\(path)") }
            for (name, _) in schemas.members(contract["components"]?["schemas"]) {
                #expect(page.body.contains("id=\"\(name)\""), "\(name)")
            }
            for link in page.body.matches(of: /href="#([^"]+)"/) { #expect(page.body.contains("id=\"\(link.1)\"")) }
            #expect(!page.body.contains("<script") && !page.body.contains("http://"))
            #expect(HTML.escaped("<a href=\"&\">") == "&lt;a href=&quot;&amp;&quot;&gt;")
        }
    }
}

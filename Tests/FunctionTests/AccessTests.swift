import Fixtures
import Testing

@testable import function

/// Keys and their scopes, and what an answer lets other websites know.
@Suite struct AccessTests {
    private static let text = #"{"text":"late again"}"#
    private static let report = #"{"text":"late again","predicted_label":"positive","score":0.9}"#

    private func with(_ variables: [String: String], _ body: (RunningFunction) throws -> Void) throws {
        let function = try RunningFunction(access: variables)
        defer { function.server.drain() }
        try body(function)
    }

    private func status(
        _ function: RunningFunction, _ method: String, _ path: String, _ body: String? = nil, key: String? = nil
    ) throws -> Int {
        try function.request(method, path, body: body, headers: key.map { ["X-API-Key": $0] } ?? [:]).status
    }

    @Test func withoutKeysEverythingIsOpenButWhatOperatorsDo() throws {
        try with([:]) { function in
            try #expect(status(function, "POST", "/predict", Self.text) == 200)
            try #expect(status(function, "POST", "/feedback", Self.report) == 200)
            for (method, path) in [("GET", "/operator"), ("DELETE", "/feedback/1")] {
                let answer = try function.request(method, path, headers: ["X-API-Key": "k"])
                #expect(answer.status == 403 && answer.body.contains("API_KEYS"), "\(path)")
            }
        }
    }

    @Test func aKeyForOperatorsLeavesTheRestOpen() throws {
        try with(["API_KEYS": "operate:ops"]) { function in
            try #expect(status(function, "POST", "/predict", Self.text) == 200)
            try #expect(status(function, "GET", "/operator") == 401)
            try #expect(status(function, "GET", "/operator", key: "ops") == 200)
        }
    }

    @Test func noOtherKeyIsTakenForOneOfTheKeys() throws {
        let keys = try APIKeys(environment: Environment(["API_KEYS": "all, predict:app, operate:ops"]))
        for number in 0..<5000 { #expect(keys.scopes(of: "wrong \(number)") == nil) }
        for _ in 0..<100 {
            #expect(keys.scopes(of: "all") == Set(Scope.allCases) && keys.scopes(of: "app") == [.predict])
        }
    }

    @Test func aKeyMayDoWhatItsScopesAllow() throws {
        try with(["API_KEYS": "all, predict:app, predict+feedback:web"]) { function in
            let answers: [(String?, Int, Int, Int)] = [
                (nil, 401, 401, 401), ("wrong", 401, 401, 401), ("app", 200, 403, 403), ("web", 200, 200, 403),
                ("all", 200, 200, 200), ("predict:app", 401, 401, 401),
            ]
            for (key, predict, feedback, operate) in answers {
                try #expect(status(function, "POST", "/predict", Self.text, key: key) == predict, "\(key ?? "")")
                try #expect(status(function, "POST", "/api/predict", Self.text, key: key) == predict)
                try #expect(status(function, "POST", "/", Self.text, key: key) == predict)
                try #expect(status(function, "POST", "/feedback", Self.report, key: key) == feedback)
                try #expect(status(function, "GET", "/operator", key: key) == operate)
                try #expect(status(function, "GET", "/info", key: key) == 200)
                try #expect(status(function, "GET", "/health", key: key) == 200)
            }
            let bearer = ["Authorization": "Bearer app"]
            #expect(try function.request("POST", "/predict", body: Self.text, headers: bearer).status == 200)
            for (key, status) in [("app", 200), ("x", 401)] {
                let both = ["Authorization": "Bearer a-token-of-the-platform", "X-API-Key": key]
                #expect(try function.request("POST", "/predict", body: Self.text, headers: both).status == status)
            }
        }
    }

    @Test func aRefusalSaysWhichKeyIsNeeded() throws {
        try with(["API_KEYS": "predict:app"]) { function in
            for (headers, challenge) in [([:], "Bearer"), (["X-API-Key": "x"], "Bearer error=\"invalid_token\"")] {
                let answer = try function.request("POST", "/predict", body: Self.text, headers: headers)
                #expect(answer.status == 401 && answer.headers["www-authenticate"] == challenge)
                #expect(!answer.body.contains("app"))
            }
            #expect(try function.request("DELETE", "/feedback/1", headers: ["X-API-Key": "app"]).status == 403)
        }
        try with(["API_KEYS": "predict:app,operate:ops"]) { function in
            let answer = try function.request("GET", "/operator", headers: ["X-API-Key": "app"])
            #expect(answer.headers["www-authenticate"] == #"Bearer error="insufficient_scope", scope="operate""#)
        }
    }

    @Test func aPageOfAnAllowedWebsiteMayReadTheAnswer() throws {
        try with(["CORS_ORIGINS": "https://www.example.com, http://localhost:8501"]) { function in
            func answer(_ origin: String?, _ method: String = "POST") throws -> HTTPAnswer {
                var headers = origin.map { ["Origin": $0] } ?? [:]
                if method == "OPTIONS" { headers["Access-Control-Request-Method"] = "POST" }
                return try function.request(
                    method, "/predict", body: method == "POST" ? Self.text : nil, headers: headers)
            }
            for origin in ["https://www.example.com", "http://localhost:8501"] {
                #expect(try answer(origin).headers["access-control-allow-origin"] == origin)
                let asked = try answer(origin, "OPTIONS")
                #expect(asked.status == 204 && asked.headers["access-control-allow-origin"] == origin)
                #expect(asked.headers["access-control-allow-methods"] == "POST, OPTIONS")
                #expect(asked.headers["access-control-allow-headers"]?.contains("Authorization") == true)
                #expect(asked.headers["content-length"] == nil && asked.headers["vary"] == "Origin")
            }
            for origin in ["https://example.com", "https://www.example.com.evil.net", "null", nil] {
                let refused = try answer(origin)
                #expect(refused.status == 200 && refused.headers["access-control-allow-origin"] == nil)
                #expect(refused.headers["vary"] == "Origin")
                #expect(try answer(origin, "OPTIONS").headers["access-control-allow-methods"] == nil)
            }
        }
        try with(["CORS_ORIGINS": "*"]) { function in
            let answer = try function.request("GET", "/info", headers: ["Origin": "https://a.example"])
            #expect(answer.headers["access-control-allow-origin"] == "*")
        }
    }

    @Test(arguments: ["www.example.com", "https://", "https://a.example/x", "https://*.example", ","])
    func anOriginThatIsNotValidIsNamed(text: String) throws {
        let error = #expect(throws: SettingsError.self) {
            try AllowedOrigins(environment: Environment(["CORS_ORIGINS": text]))
        }
        #expect(error?.name == "CORS_ORIGINS")
    }

    @Test func aRequestIsFoundInTheLogByItsName() throws {
        try with([:]) { function in
            let own = try function.request("GET", "/info", headers: ["X-Request-Id": "order-17/a.b:c"])
            #expect(own.headers["x-request-id"] == "order-17/a.b:c")
            #expect(function.log.contains { $0.contains(#""requestId":"order-17/a.b:c""#) })
            for name in ["", "two words", "é", "a\"b", String(repeating: "x", count: 129)] {
                let answer = try function.request("GET", "/nowhere", headers: ["X-Request-Id": name])
                #expect(answer.headers["x-request-id"]?.wholeMatch(of: /[0-9a-f]{32}/) != nil, "\(name)")
            }
        }
    }

    @Test func everyPathTellsItsMethods() throws {
        try with([:]) { function in
            for endpoint in Route.Endpoint.allCases {
                let path = endpoint.rawValue.replacing("{id}", with: "1")
                let answer = try function.request("OPTIONS", path)
                #expect(answer.status == 204 && answer.headers["allow"]?.hasSuffix("OPTIONS") == true, "\(path)")
                let readable = answer.headers["allow"]?.contains("GET, HEAD") == true
                #expect(try function.request("HEAD", path).status == (readable ? 200 : 405) || path == "/operator")
            }
            #expect(try function.request("OPTIONS", "/nowhere").status == 404)
        }
    }
}

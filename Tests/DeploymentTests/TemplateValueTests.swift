import CloudRunFiles
import Fixtures
import Foundation
import Testing

@testable import Deployment

/// A value that a user sets comes back from the rendered file exactly as it was given.
@Suite struct TemplateValueTests {
    private static let numbers = ["PORT": "8080", "MEMORY_MIB": "512", "USER": "65532", "TASKS": "7"]
    private static let decimals = ["MEMORY_GI": "0.5", "CPU": "0.25"]
    private static let marker = "qqmarkerqq"

    /// Values that a parser could take for something else than this text.
    private static let values = [
        "yes", "no", "Yes", "NO", "y", "N", "on", "off", "true", "False", "null", "NULL", "~", "", " ", "1", "-1", "+1",
        "1e3", "1E3", "0x10", "0o7", "0b1", "012", "1_000", "12:30", "12:30:45", "2001-01-01", "2001-01-01T00:00:00Z",
        "1.5", ".5", "5.", ".inf", "-.INF", ".nan", "=", "<<", "a: b", "a:", ": a", "a #b", "#a", "- a", "-", "--- a",
        "...", "*a", "&a b", "!a b", "!!int 1", "%a", "@a", "`a", "|", ">", "?", "? a", "[a]", "[", "]", "{a: b}", "{",
        "a,b", "'", "''", "'a", "\"", "\"a\"", "\\", "\\n", "a\"\u{301}b", "a'\u{301}b", "'\u{200D}\"\u{301}",
        "#\u{301}",
        ":\u{301} a", "a\nb: c", "a\n", "\n", "\r\n", "a\rb", "\t", "a\tb", " a", "a ", "\u{85}", "\u{2028}",
        "a\u{FEFF}b",
        "\u{1B}[31m", "\u{7F}", "\u{FFFE}", "é", "e\u{301}", "👩‍👩‍👧", "\u{202E}a", "${NAME}", "$(NAME)", "$\u{301}{NAME}",
        "a')]", "[concat('a')]", "[[a]", "512Mi", "1Ki", "a/b@sha256:0", "9a", "a=b", "x\u{0}y",
    ]

    /// Every string and number of a document, by its path.
    private func flatten(_ value: Any, at path: String = "") -> [String: String] {
        switch value {
        case let fields as [String: Any]:
            fields.reduce(into: [:]) { $0.merge(flatten($1.value, at: "\(path).\($1.key)")) { $1 } }
        case let items as [Any]:
            items.enumerated().reduce(into: [:]) { $0.merge(flatten($1.element, at: "\(path).\($1.offset)")) { $1 } }
        case let text as String: [path: "text \(text)"]
        case let flag as Bool: [path: "flag \(flag)"]
        default: [path: "other \(value)"]
        }
    }

    private func parse(_ text: String, _ name: String) throws -> [String: String] {
        flatten(try RenderedTemplate(text, named: name).documents())
    }

    /// What Azure makes of a string in a template.
    private func expected(_ standard: String, _ value: String, isJSON: Bool) -> String {
        guard isJSON else { return standard.replacing(Self.marker, with: value) }
        if standard.hasPrefix("text [") {
            return standard.replacing(
                Self.marker,
                with: String(
                    String.UnicodeScalarView(value.unicodeScalars.flatMap { $0 == "'" ? [$0, $0] : [$0] })))
        }
        let text = standard.replacing(Self.marker, with: value)
        let isLikeExpression =
            standard.hasPrefix("text \(Self.marker)")
            && text.dropFirst(5).unicodeScalars.first == "[" && text.unicodeScalars.last == "]"
        return isLikeExpression ? "text [\(text.dropFirst(5))" : text
    }

    private func check(_ value: String, in template: DeployTemplate) throws {
        let template = (
            template: Template(
                try #require(CloudRunFiles.template(template.fileName)), named: template.fileName),
            name: template.fileName
        )
        var values = Self.numbers.merging(Self.decimals) { $1 }
        let free = template.template.variables.map(\.name).filter { values[$0] == nil }
        for name in free { values[name] = Self.marker }
        let before = try parse(template.template.render(values), template.name)
        for name in free { values[name] = value }
        let after = try parse(template.template.render(values), template.name)
        var count = 0
        for (path, standard) in before {
            // A marker in a key is replaced as well.
            let path = path.replacing(Self.marker, with: value)
            let wanted = expected(standard, value, isJSON: template.name.hasSuffix(".json"))
            let found = try #require(after[path], "\(template.name) \(path) of '\(value)'")
            #expect(
                Array(found.utf8) == Array(wanted.utf8), "\(template.name) \(path): '\(found)', expected '\(wanted)'")
            count += standard.contains(Self.marker) ? 1 : 0
        }
        #expect(count > 0 && before.count == after.count)
    }

    /// Units of systemd have a form of their own, which `TemplateTests` is about.
    @Test(arguments: DeployTemplate.all.filter { !RenderedTemplate.isUnit($0.fileName) }.map(\.name))
    func everyValueComesBack(name: String) throws {
        let template = try DeployTemplate.find(name)
        for value in Self.values { try check(value, in: template) }
    }

    @Test func valuesOfRandomPiecesComeBack() throws {
        var random = Seeded(21)
        let pieces: [String] =
            Self.values + ["a", "b", " ", ": ", " #", "\u{301}", "\u{200D}", "'", "\"", "\\", "\n", "]"]
        for round in 0..<300 {
            let value = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            try check(value.joined(), in: try DeployTemplate.find(["kubernetes", "app-service", "lambda"][round % 3]))
        }
    }

    @Test func aNumberStaysANumberWhereTheTemplateWantsOne() throws {
        let text = try #require(CloudRunFiles.template("kubernetes-job.yaml"))
        let rendered = try Template(text, named: "kubernetes-job.yaml").render([
            "IMAGE": "a/b", "TASKS": "12", "USER": "7", "CPU": "2",
        ])
        let found = try parse(rendered, "kubernetes-job.yaml")
        #expect(found[".0.spec.completions"] == "other 12")
        #expect(found[".0.spec.template.spec.securityContext.runAsUser"] == "other 7")
        #expect(found[".0.spec.template.spec.containers.0.env.0.value"] == "text 12")
        #expect(found[".0.spec.template.spec.containers.0.resources.limits.cpu"] == "text 2")
    }

    @Test(arguments: [
        ("TASKS", "yes"), ("TASKS", "0"), ("TASKS", "012"), ("TASKS", "0x10"), ("TASKS", "1_000"), ("TASKS", "1e3"),
        ("TASKS", "+1"), ("TASKS", ""), ("TASKS", "1\nkind: x"), ("TASKS", "٣"), ("USER", "root"), ("USER", "-1"),
        ("TASKS", "4294967296"),
    ])
    func aNumberThatParsersReadDifferentlyIsRefused(name: String, value: String) throws {
        let text = try #require(CloudRunFiles.template("kubernetes-job.yaml"))
        let error = #expect(throws: DeploymentError.self) {
            try Template(text, named: "kubernetes-job.yaml").render(["IMAGE": "a/b", name: value])
        }
        let message = "\(try #require(error))"
        #expect(message.contains("\(name)='") && message.contains("expected a whole number from"), "\(message)")
        #expect(!message.contains("\n"))
    }

    @Test(arguments: ["abc", "1')]", "1,5", "", "-1", "500m"])
    func azureGetsADecimalNumberOfProcessors(value: String) throws {
        let text = try #require(CloudRunFiles.template("azure-container-app-image.json"))
        let error = #expect(throws: DeploymentError.self) {
            try Template(text, named: "azure-container-app-image.json").render([
                "IMAGE": "a/b", "PORT": "8080", "MEMORY_GI": "0.5", "CPU": value, "CONCURRENCY": "1",
            ])
        }
        #expect("\(try #require(error))".contains("expected a number such as 0.5"))
    }

    @Test func aValueWithoutDangerIsWrittenWithoutQuotationMarks() {
        for text in ["pinson", "europe-docker.pkg.dev/p/r/pinson@sha256:0a", "512Mi", "models-1", "/a", "a.b_c"] {
            #expect(YAMLScalar.text(text) == text)
        }
        #expect(YAMLScalar.text("yes") == "\"yes\"")
        #expect(YAMLScalar.text("127.0.0.1:5000/a") == "\"127.0.0.1:5000/a\"")
    }
}

import CloudRunFiles
import Fixtures
import Foundation
import Testing

@testable import Deployment

@Suite struct TemplateTests {
    private let template = Template(
        "image: ${IMAGE}\nname: ${NAME:-pinson}\nagain: ${IMAGE}${EMPTY:-}\n$HOME ${lower}\n", named: "t.yaml")

    @Test func namesAreReplacedAndDefaultsTaken() throws {
        #expect(try template.render(["IMAGE": "a/b"]) == "image: a/b\nname: pinson\nagain: a/b\n$HOME ${lower}\n")
        #expect(try template.render(["IMAGE": "a", "NAME": "n"]).contains("name: n\n"))
        #expect(template.variables.map(\.name) == ["IMAGE", "NAME", "EMPTY"])
    }

    @Test func aValueIsNotRenderedAgain() throws {
        #expect(try template.render(["IMAGE": "${NAME}"]).hasPrefix("image: ${NAME}\n"))
    }

    @Test func whatIsMissingOrUnknownIsNamed() throws {
        let missing = #expect(throws: DeploymentError.self) { try template.render([:]) }
        #expect("\(try #require(missing))".contains("--set IMAGE="))
        let unknown = #expect(throws: DeploymentError.self) {
            try template.render(["IMAGE": "a", "IMGE": "b"], given: ["IMGE"])
        }
        #expect("\(try #require(unknown))".contains("It has IMAGE, NAME, EMPTY"))
    }

    @Test(arguments: ["a\nb: c", "a\"b", "a\\b"])
    func aValueCannotBreakOutOfItsPlace(value: String) {
        #expect(throws: DeploymentError.self) { try template.render(["IMAGE": value]) }
    }

    @Test(arguments: [
        ("a.yaml", "a: [", "does not parse"), ("a.json", "{", "does not parse"), ("a.yaml", "a: ${B}", "still holds"),
        ("a.yaml", "livenessProbe: {httpGet: {path: /healthz}}", "end in z"), ("a.yaml", "", "empty"),
    ])
    func whatGoesWrongOnAPlatformIsFoundBefore(name: String, text: String, reason: String) throws {
        let error = #expect(throws: DeploymentError.self) { try Rendered(text, named: name).validate() }
        #expect("\(try #require(error))".contains(reason))
    }

    // MARK: - The templates that are known

    /// A value for everything that any template asks for.
    private static let values = [
        "IMAGE": "europe-docker.pkg.dev/p/r/pinson@sha256:" + String(repeating: "a", count: 64), "PORT": "8080",
        "MEMORY_MIB": "512", "MEMORY_GI": "0.5", "CPU": "0.25", "USER": "65532", "DATE": "1970-01-01",
        "BUCKET": "models",
        "STORAGE_ACCOUNT": "pinsonmodels",
    ]

    private func render(_ target: DeployTarget) throws -> String {
        let text = try #require(CloudRunFiles.template(target.file), "\(target.file)")
        return try Template(text, named: target.file).render(Self.values)
    }

    @Test(arguments: DeployTarget.all.map(\.name))
    func everyTemplateRendersAndNamesTheImageByDigest(name: String) throws {
        let target = try DeployTarget.find(name)
        let text = try render(target)
        try Rendered(text, named: target.file).validate()
        #expect(text.contains("@sha256:"))
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        #expect(throws: Never.self) { try targets.find(target.limits) }
    }

    @Test(arguments: DeployTarget.all.filter { !$0.name.hasSuffix("job") }.map(\.name))
    func everyServiceIsProbedWhereTheFunctionAnswers(name: String) throws {
        #expect(try render(DeployTarget.find(name)).contains("/health/"))
    }

    @Test(.enabled(if: Python.has("kubernetes_validate"), "needs the Python packages of `make test`"))
    func everyTemplateIsWhatItsPlatformDescribes() throws {
        try Workplace.withFolder { folder in
            for target in DeployTarget.all {
                try Data(render(target).utf8).write(to: folder.appendingPathComponent(target.file))
            }
            let script = try String(
                contentsOf: Workplace.repository.appendingPathComponent("Tests/DeploymentTests/validate_manifests.py"),
                encoding: .utf8)
            let output = try Python.run(script, folder.path)
            let lines = output.split(separator: "\n")
            #expect(lines.count == DeployTarget.all.count, "\(output)")
            #expect(lines.allSatisfy { $0.hasPrefix("ok ") || $0.contains("is not installed") }, "\(output)")
        }
    }

    @Test(.enabled(if: Python.has("kubernetes_validate"), "needs the Python packages of `make test`"))
    func aPlantedMistakeIsFound() throws {
        try Workplace.withFolder { folder in
            let text = try render(DeployTarget.find("kubernetes")).replacing("containerPort", with: "containerPrt")
            try Data(text.utf8).write(to: folder.appendingPathComponent("kubernetes.yaml"))
            let script = try String(
                contentsOf: Workplace.repository.appendingPathComponent("Tests/DeploymentTests/validate_manifests.py"),
                encoding: .utf8)
            let output = try Python.run(script, folder.path)
            #expect(output.contains("bad kubernetes.yaml"), "\(output)")
        }
    }
}

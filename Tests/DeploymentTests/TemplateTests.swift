import CloudRunFiles
import Fixtures
import Foundation
import Testing

@testable import Deployment

/// Templates, and the files that platforms get from them.
@Suite struct TemplateTests {
    private let template = Template(
        "image: ${IMAGE}\nname: ${NAME:-pinson}\nagain: ${IMAGE}${EMPTY:-}\n$HOME ${lower}\n", named: "t.yaml")

    @Test func variablesAreReplacedByValuesOrDefaults() throws {
        #expect(try template.render(["IMAGE": "a/b"]) == "image: a/b\nname: pinson\nagain: a/b\n$HOME ${lower}\n")
        #expect(try template.render(["IMAGE": "a", "NAME": "other"]).contains("name: other\n"))
        #expect(template.variables.map(\.name) == ["IMAGE", "NAME", "EMPTY"])
    }

    @Test func variablesInsideAValueAreNotReplaced() throws {
        #expect(try template.render(["IMAGE": "${NAME}"]).hasPrefix("image: \"${NAME}\"\n"))
    }

    @Test func missingAndUnknownVariablesAreNamed() throws {
        let missing = #expect(throws: DeploymentError.self) { try template.render([:]) }
        #expect("\(try #require(missing))".contains("--set IMAGE="))
        let unknown = #expect(throws: DeploymentError.self) {
            try template.render(["IMAGE": "a", "IMGE": "b"], given: ["IMGE"])
        }
        #expect(
            "\(try #require(unknown))".contains(
                "t.yaml has no variable with this name. Its variables are IMAGE, NAME, EMPTY."))
    }

    @Test(arguments: [
        ("a.yaml", "a: [", "does not parse"), ("a.json", "{", "does not parse"), ("a.yaml", "a: ${B}", "a is '${B}'"),
        ("a.yaml", "livenessProbe: {httpGet: {path: /healthz}}", "livenessProbe.httpGet.path is /healthz, but"),
        ("a.yaml", "", "empty"),
    ])
    func aRenderedFileWithAKnownMistakeIsRefused(name: String, text: String, reason: String) throws {
        let error = #expect(throws: DeploymentError.self) { try RenderedTemplate(text, named: name).validate() }
        #expect("\(try #require(error))".contains(reason))
    }

    // MARK: - The built-in templates

    /// A value for every required variable of any template.
    private static let values = [
        "IMAGE": "europe-docker.pkg.dev/p/r/pinson@sha256:" + String(repeating: "a", count: 64), "PORT": "8080",
        "MEMORY_MIB": "512", "MEMORY_GI": "0.5", "CPU": "0.25", "CONCURRENCY": "1", "USER": "65532",
        "DATE": "1970-01-01",
        "BUCKET": "models",
        "STORAGE_ACCOUNT": "pinsonmodels", "MODEL": "airline", "TRACKING_URI": "https://mlflow.example.com",
        "REPOSITORY": "europe-docker.pkg.dev/p/r/airline", "PROJECT": "p", "REGION": "europe-west1",
        "ACCOUNT": "retrain@p.iam.gserviceaccount.com", "ENVIRONMENT": "pinson", "REGISTRY_USER": "pinson",
        "WORKSPACE": "pinson",
    ]

    private func render(_ template: DeployTemplate) throws -> String { try render(template.fileName) }

    private func render(_ file: String) throws -> String {
        let text = try #require(CloudRunFiles.template(file), "\(file)")
        return try Template(text, named: file).render(Self.values)
    }

    @Test(arguments: DeployTemplate.all.map(\.name))
    func everyTemplateRendersAndNamesTheImageByDigest(name: String) throws {
        let template = try DeployTemplate.find(name)
        let text = try render(template)
        try RenderedTemplate(text, named: template.fileName).validate()
        #expect(text.contains("@sha256:"))
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        #expect(throws: Never.self) { try targets.find(template.targetName) }
    }

    @Test func theErrorForAnUnknownTemplateListsTheKnownNames() throws {
        let error = #expect(throws: DeploymentError.self) { try DeployTemplate.find("moon") }
        #expect("\(try #require(error))".hasPrefix("'moon': no such deployment template. Choose from cloud-run, "))
    }

    /// Lambda has no probes: it takes a function as ready when it asks for the first invocation.
    @Test(
        arguments: DeployTemplate.all.filter { $0.runsFunction && !$0.name.hasSuffix("job") && $0.name != "lambda" }
            .map(\.name))
    func everyServiceIsProbedAtAHealthPath(name: String) throws {
        #expect(try render(DeployTemplate.find(name)).contains("/health/"))
    }

    /// A check of the target must find everything that the file of the template relies on.
    @Test func whatATemplateNeedsIsARuleOfItsTarget() throws {
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        func rules(_ template: DeployTemplate) throws -> [Metric: [Limit]] {
            Dictionary(grouping: try targets.find(template.targetName).limits, by: \.metric)
        }
        var found = 0
        for template in DeployTemplate.all {
            let (text, rules) = (try render(template), try rules(template))
            let required = (rules[.file] ?? []).compactMap(\.required)
            for path in text.matches(of: /"(\/[a-z]+(?:\/model\.gguf)?)"|(\/model\/model\.gguf)/)
            where template.name.hasSuffix("job") {
                let path = try #require(path.1 ?? path.2)
                guard path == "/pinson" || path.hasSuffix(".gguf") else { continue }
                #expect(required.contains([String(path)]), "\(template.name): \(path)")
                found += 1
            }
            if text.contains("runAsNonRoot") { #expect(rules[.user]?.first?.forbidden == ["root"], "\(template.name)") }
            if text.contains("PackageType: Image") {
                #expect(rules[.protocol]?.first?.required == ["lambda"])
                #expect(rules[.manifest]?.first?.allowed == ["image"])
            }
        }
        #expect(found >= 4)
    }

    /// A pod gets new requests until all nodes know that it ends.
    @Test func onKubernetesAPodEndsOnlyWhenItGetsNoNewRequests() throws {
        #expect(try render(DeployTemplate.find("kubernetes")).contains(/preStop:\n +sleep:\n +seconds: 5\n/))
    }

    /// With this variable, the function would wait for an adapter that asks for the invocations.
    @Test func onLambdaTheFunctionTakesItsInvocationsItself() throws {
        let text = try render(DeployTemplate.find("lambda"))
        #expect(!text.contains("AWS_LWA_PORT") && !text.lowercased().contains("adapter"))
        #expect(text.contains(#"CONCURRENCY: "1""#) && text.contains(#"THREADS: "1""#))
    }

    @Test(.enabled(if: Python.has("kubernetes_validate"), "needs the Python packages of `make test`"))
    func everyTemplateFitsTheSchemaOfItsPlatform() throws {
        try Workplace.withFolder { folder in
            let files = DeployTemplate.all.flatMap { [$0.fileName] + $0.besides }
            for file in files { try Data(render(file).utf8).write(to: folder.appendingPathComponent(file)) }
            let script = try String(
                contentsOf: Workplace.repository.appendingPathComponent("Tests/DeploymentTests/validate_manifests.py"),
                encoding: .utf8)
            let output = try Python.run(script, folder.path)
            let lines = output.split(separator: "\n")
            #expect(lines.count == files.count, "\(output)")
            #expect(lines.allSatisfy { $0.hasPrefix("ok ") || $0.contains("is not installed") }, "\(output)")
        }
    }

    /// A value must not become another argument, another setting, or what systemd reads as a variable.
    @Test func aValueInAUnitStaysOneArgument() throws {
        let text = try #require(CloudRunFiles.template("pinson-retrain.service"))
        var values = Self.values
        values["MODEL"] = "a\" --work /etc \\ 100% $HOME\nUser=root"
        let unit = try Template(text, named: "pinson-retrain.service").render(values)
        #expect(unit.contains(#" retrain "a\" --work /etc \\ 100%% $$HOME\nUser=root" --data "#), "\(unit)")
        #expect(unit.contains(#"Description=Retrain a\" --work /etc \\ 100%% $HOME\nUser=root with"#))
        try RenderedTemplate(unit, named: "pinson-retrain.service").validate()
        #expect(throws: DeploymentError.self) {
            try RenderedTemplate("[Service]\nExecStart=/bin/${TOOL}\n", named: "a.service").validate()
        }
    }

    @Test(.enabled(if: Python.has("kubernetes_validate"), "needs the Python packages of `make test`"))
    func aMisspelledFieldIsFound() throws {
        try Workplace.withFolder { folder in
            let text = try render(DeployTemplate.find("kubernetes")).replacing("containerPort", with: "containerPrt")
            try Data(text.utf8).write(to: folder.appendingPathComponent("kubernetes.yaml"))
            let script = try String(
                contentsOf: Workplace.repository.appendingPathComponent("Tests/DeploymentTests/validate_manifests.py"),
                encoding: .utf8)
            let output = try Python.run(script, folder.path)
            #expect(output.contains("bad kubernetes.yaml"), "\(output)")
        }
    }
}

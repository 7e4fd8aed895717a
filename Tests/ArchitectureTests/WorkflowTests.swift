import Fixtures
import Foundation
import Testing

/// The workflows and the action of GitHub, as far as they can be checked here.
@Suite struct WorkflowTests {
    private let root = Workplace.repository.path
    private static let hasSchemas = Python.has("check_jsonschema")

    /// The script of a step, by the path of its file and its name.
    private func script(_ path: String, _ step: String) throws -> String {
        let python = """
            import sys, yaml
            def steps(node):
                if isinstance(node, dict):
                    if 'run' in node: yield node
                    for value in node.values(): yield from steps(value)
                if isinstance(node, list):
                    for value in node: yield from steps(value)
            found = [s['run'] for s in steps(yaml.safe_load(open(sys.argv[1]))) if s.get('name') == sys.argv[2]]
            sys.stdout.write(found[0])
            """
        return try Python.run(python, "\(root)/\(path)", step)
    }

    @Test(.enabled(if: hasSchemas, "needs the Python package check-jsonschema"))
    func theyHaveTheFormThatGitHubExpects() throws {
        let check = """
            import subprocess, sys
            found = subprocess.run([sys.executable, '-m', 'check_jsonschema', *sys.argv[1:]], capture_output=True, text=True)
            print(found.stdout + found.stderr)
            """
        let workflows = ["ci", "release"].map { "\(root)/.github/workflows/\($0).yml" }
        #expect(
            try Python.run(check, "--builtin-schema", "vendor.github-workflows", workflows[0], workflows[1])
                .contains("ok -- validation done"))
        let action = "\(root)/.github/actions/pinson-check/action.yml"
        #expect(
            try Python.run(check, "--builtin-schema", "vendor.github-actions", action).contains("ok -- validation done")
        )
    }

    /// A script gets values in environment variables: GitHub inserts an expression into the text of a script.
    @Test(.enabled(if: Python.has("yaml"), "needs the Python package PyYAML"))
    func theirScriptsAreValidAndContainNoExpressions() throws {
        let python = """
            import subprocess, sys, yaml
            def scripts(node):
                if isinstance(node, dict):
                    if 'run' in node and isinstance(node['run'], str): yield node['run']
                    for value in node.values(): yield from scripts(value)
                if isinstance(node, list):
                    for value in node: yield from scripts(value)
            count = 0
            for path in sys.argv[1:]:
                for script in scripts(yaml.safe_load(open(path))):
                    count += 1
                    if '${{' in script: print(path, 'has an expression in a script:', script)
                    check = subprocess.run(['bash', '-n'], input=script, text=True, capture_output=True)
                    if check.returncode: print(path, check.stderr)
            print(count > 15)
            """
        let paths = ["workflows/ci.yml", "workflows/release.yml", "actions/pinson-check/action.yml"]
        let found = try Python.run(
            python, "\(root)/.github/\(paths[0])", "\(root)/.github/\(paths[1])", "\(root)/.github/\(paths[2])")
        #expect(found == "True\n")
    }

    private enum Release { case good, changed, missing }

    /// Runs the step of the action that downloads a release; programs of the test stand for `curl` and `gh`.
    private func download(_ release: Release, path: String) throws -> (Program.Result, outputs: String, found: Bool) {
        let shell = try #require(Program.find("bash"))
        return try Workplace.withFolder { folder in
            let tools = folder.appendingPathComponent("bin")
            try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
            let assets = folder.appendingPathComponent("assets").path
            if release != .missing {
                let pack = try Program.run(
                    URL(fileURLWithPath: "\(root)/container/release-archive"), ["\(root)/dist", assets])
                #expect(pack.status == 0, "\(pack.error)")
            }
            let change = release == .changed ? "; echo >> \"$file\"" : ""
            for (name, text) in [
                (
                    "curl",
                    "while [ $# -gt 1 ]; do if [ \"$1\" = -o ]; then file=$2; fi; shift; done; cp \(assets)/${1##*/} $file\(change)"
                ), ("gh", "echo \"gh $*\""),
            ] {
                let tool = tools.appendingPathComponent(name)
                try Data("#!/bin/sh\nset -e\n\(text)\n".utf8).write(to: tool)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)
            }
            let outputs = folder.appendingPathComponent("outputs")
            try Data().write(to: outputs)
            let result = try Program.run(
                shell,
                ["-eo", "pipefail", "-c", script(".github/actions/pinson-check/action.yml", "Download the release")],
                environment: [
                    "PATH": "\(tools.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
                    "GITHUB_ACTION_PATH": path, "RUNNER_TEMP": folder.path, "GITHUB_OUTPUT": outputs.path,
                ])
            let binary = folder.appendingPathComponent("pinson-check/pinson").path
            return (
                result, try String(contentsOf: outputs, encoding: .utf8),
                FileManager.default.isExecutableFile(atPath: binary)
            )
        }
    }

    private static let canDownload = Workplace.hasBinaries && Python.has("yaml")
    private static let tagged = "/home/runner/work/_actions/owner/pinson/v1.2.3/.github/actions/pinson-check"

    @Test(.enabled(if: canDownload, "needs the binaries of `make build` and PyYAML"))
    func theActionTakesTheBinaryOfItsOwnRelease() throws {
        let (result, outputs, found) = try download(.good, path: Self.tagged)
        #expect(result.status == 0, "\(result.error)")
        #expect(outputs == "found=true\n")
        #expect(found)
        #expect(result.output.contains("gh attestation verify pinson-linux-"))
        #expect(result.output.contains("--repo owner/pinson --source-ref refs/tags/v1.2.3"))
    }

    @Test(.enabled(if: canDownload, "needs the binaries of `make build` and PyYAML"))
    func theActionRefusesABinaryThatWasChanged() throws {
        let (result, outputs, found) = try download(.changed, path: Self.tagged)
        #expect(result.status != 0)
        #expect(outputs == "")
        #expect(!found)
    }

    @Test(
        .enabled(if: canDownload, "needs the binaries of `make build` and PyYAML"),
        arguments: [
            tagged, "/home/runner/work/_actions/owner/pinson/main/.github/actions/pinson-check",
            "/home/runner/work/pinson/pinson/.github/actions/pinson-check",
        ])
    func theActionBuildsWhatHasNoRelease(path: String) throws {
        let (result, outputs, found) = try download(.missing, path: path)
        #expect(result.status == 0, "\(result.error)")
        #expect(outputs == "")
        #expect(!found)
    }
}

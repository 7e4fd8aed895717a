import ArgumentParser
import CloudRunFiles
import ContainerImage
import Deployment
import Files

struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Renders the file that a platform needs to run an image.",
        discussion: """
            The file is filled in from the image: its name with the digest, port and user. The memory holds the unpacked \
            image and the full load that the file allows, which is measured by running the function. Other values come from \
            --set. Nothing is sent anywhere. The targets whose names end in 'retrain' run 'pinson retrain' by a schedule, in an \
            image with the command line tool as /pinson. The targets are \
            \(DeployTemplate.all.map(\.name).joined(separator: ", ")).
            """)

    @Argument(help: "The target.")
    var target: String

    @OptionGroup var image: ImageArgument
    @OptionGroup var options: MeasureOptions
    @OptionGroup var limits: LimitsOption

    @Option(
        help: ArgumentHelp(
            "The image's name in a registry, if it is given as a tar or a folder.", valueName: "reference"))
    var reference: String?

    @Option(
        help: ArgumentHelp("The model that will be mounted, if the image contains none.", valueName: "model.gguf"),
        completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("A value for the template. Repeat it for several values.", valueName: "NAME=VALUE"))
    var set: [String] = []

    @Option(
        name: [.short, .long], help: ArgumentHelp("A file to write instead of stdout.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(
        help: "Also write the dashboards, alert rules and queries for the platform, into the folder of the output.")
    var withMonitoring = false

    func validate() throws {
        guard output == nil, withMonitoring || (try? DeployTemplate.find(target))?.besides.isEmpty == false else {
            return
        }
        throw ValidationError("Several files are written. Give the name of the first one with '--output <file>'.")
    }

    func run() async throws {
        let template = try DeployTemplate.find(target)
        let target = try limits.targets().find(template.targetName)
        guard !ShippedModel.isModel(image.image) else {
            throw ValidationError(
                "'\(image.image)' is a model file. Build an image of it first with `pinson image build`.")
        }
        let source = try await image.read()
        let given = try keyValuePairs(set, "--set")
        let rendered: (values: [String: String], summary: String)
        if template.runsFunction {
            rendered = try await measured(template, target, source, given)
        } else {
            try await requireTool(source)
            rendered = (try values(of: source), "The image runs the command line tool.")
        }
        let names = [template.fileName] + template.besides + (withMonitoring ? template.monitoring : [])
        let files = try RenderedFiles(names, rendered.values.merging(given) { $1 }, given: Swift.Set(given.keys))
        if let output {
            for (name, path) in try files.write(firstTo: output) where path != output { say("\(name) is \(path)") }
        } else {
            print(files.first, terminator: files.first.hasSuffix("\n") ? "" : "\n")
        }
        say("\(rendered.summary) Next step:\n  \(template.command)")
    }

    /// The values for a template that runs the function, which is measured.
    private func measured(
        _ template: DeployTemplate, _ target: Target, _ source: ImageOrIndex, _ given: [String: String]
    ) async throws -> (values: [String: String], summary: String) {
        let request = try MemoryRequest(template, target, given, of: source)
        var measurer = options.measurer
        measurer.wanted = [target].wantedFiles
        let (measurements, size) = try await request.measure(
            source, named: image.image, model: model, from: image.registry, measurer)
        try requireFit(measurements, target)
        let chosen = [
            "MEMORY_MIB": "\(size.memory >> 20)", "MEMORY_GI": fixed(Double(size.memory) / Double(1 << 30), 1),
            "CPU": size.cpu,
        ]
        let values = try values(of: source).merging(chosen) { $1 }.merging(request.values(size)) { $1 }
        return (values, request.summary(measurements, size))
    }

    /// Ends the command if the image does not contain the command line tool.
    private func requireTool(_ source: ImageOrIndex) async throws {
        let tool = "/pinson"
        let found = try await ImageContents(of: source.images[0], keeping: [tool: 0])
        guard found.found[tool] == nil else { return }
        say(
            "pinson: '\(image.image)' has no file \(tool). "
                + "Build it with 'pinson image build --model MODEL.gguf --add dist/pinson:\(tool)'.")
        throw ExitCode(1)
    }

    /// Ends the command if the image exceeds a limit.
    ///
    /// Memory is an exception if the target offers several sizes, because `size` chooses one that is large enough.
    private func requireFit(_ measurements: Measurements, _ target: Target) throws {
        let violations = Report(measurements, against: [target]).findings.filter {
            $0.status == .violation && !($0.metric == .resident && target.sizes != nil)
        }
        guard violations.isEmpty else {
            for finding in violations {
                say("pinson: \(finding.target): " + [finding.message, finding.suggestion ?? ""].joined(separator: " "))
            }
            throw ExitCode(1)
        }
    }

    /// The values of the template that the image decides.
    private func values(of source: ImageOrIndex) throws -> [String: String] {
        let configuration = source.images[0].configuration
        let execution = configuration.config
        // The platform does not have the image's /etc/passwd, so the user must be a number.
        let user = String((execution?.user ?? "").prefix { $0 != ":" })
        return [
            "IMAGE": try pinned(source), "PORT": "\(execution?.ports.first ?? 8080)",
            "ARCHITECTURE": configuration.architecture == "amd64" ? "x86_64" : configuration.architecture,
            "USER": UInt32(user).map { "\($0)" } ?? "65532",
        ]
    }

    /// The image's name with its digest, because a tag may be moved to another image.
    private func pinned(_ source: ImageOrIndex) throws -> String {
        let name = reference ?? image.image
        guard reference != nil || !ImageLocation(name).isLocal else {
            throw ValidationError(
                "'\(name)' is a file. Give the name under which the image was pushed with '--reference <reference>'.")
        }
        return try Reference(name).pinned(source.descriptor.digest)
    }
}

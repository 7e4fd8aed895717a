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
            --set. Nothing is sent anywhere. The targets are \
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

    func run() async throws {
        let template = try DeployTemplate.find(target)
        let target = try limits.targets().find(template.targetName)
        guard !ShippedModel.isModel(image.image) else {
            throw ValidationError(
                "'\(image.image)' is a model file. Build an image of it first with `pinson image build`.")
        }
        let source = try await image.read()
        let given = try keyValuePairs(set, "--set")
        let request = try MemoryRequest(template, target, given, of: source)
        var measurer = options.measurer
        measurer.wanted = [target].wantedFiles
        let (measurements, size) = try await request.measure(
            source, named: image.image, model: model, from: image.registry, measurer)
        try requireFit(measurements, target)
        let values = try values(of: source, size, request).merging(given) { $1 }
        let text = try Template(CloudRunFiles.template(template.fileName) ?? "", named: template.fileName)
            .render(values, given: Swift.Set(given.keys))
        try RenderedTemplate(text, named: template.fileName).validate()
        if let output {
            try writeFile(text, to: output)
        } else {
            print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
        }
        say("\(request.summary(measurements, size)) Next step:\n  \(template.command)")
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
    private func values(
        of source: ImageOrIndex, _ size: Target.Size, _ request: MemoryRequest
    ) throws -> [String: String] {
        let configuration = source.images[0].configuration
        let execution = configuration.config
        // The platform does not have the image's /etc/passwd, so the user must be a number.
        let user = String((execution?.user ?? "").prefix { $0 != ":" })
        return [
            "IMAGE": try pinned(source), "PORT": "\(execution?.ports.first ?? 8080)",
            "MEMORY_MIB": "\(size.memory >> 20)",
            "MEMORY_GI": fixed(Double(size.memory) / Double(1 << 30), 1), "CPU": size.cpu,
            "ARCHITECTURE": configuration.architecture == "amd64" ? "x86_64" : configuration.architecture,
            "USER": UInt32(user).map { "\($0)" } ?? "65532",
        ].merging(request.values(size)) { $1 }
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

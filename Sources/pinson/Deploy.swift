import ArgumentParser
import CloudRunFiles
import ContainerImage
import Deployment
import Foundation
import NIOCore

struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Renders the file with which a platform runs an image.",
        discussion: """
            Filled from the image: its name with the digest, port, user, and memory from a measured run with a quarter to \
            spare. The rest comes with --set. Nothing is sent anywhere. Known: \
            \(DeployTarget.all.map(\.name).joined(separator: ", ")).
            """)

    @Argument(help: "Where to.")
    var target: String

    @OptionGroup var image: ImageArgument
    @OptionGroup var measuring: Measuring
    @OptionGroup var limits: LimitsOption

    @Option(help: ArgumentHelp("The name in a registry, if the image is a tar or a folder.", valueName: "reference"))
    var reference: String?

    @Option(
        help: ArgumentHelp("The model that is mounted, if the image holds none.", valueName: "model.gguf"),
        completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("A value for the template, once for each.", valueName: "NAME=VALUE"))
    var set: [String] = []

    @Option(
        name: [.short, .long], help: ArgumentHelp("A file, instead of stdout.", valueName: "file"), completion: .file())
    var output: String?

    func run() async throws {
        let target = try DeployTarget.find(target)
        let limit = try limits.targets().find(target.limits)
        let source = try await image.read()
        let measurement = try await measuring.measure(source, named: image.image)
        let memory = try await memory(measurement)
        var needed = measurement
        needed[.resident] = memory
        let report = Report(needed, against: [limit])
        // What can be ordered larger is no reason to stop; everything else is.
        let wrong = report.findings.filter {
            $0.status == .violation && !($0.measure == .resident && limit.sizes != nil)
        }
        guard wrong.isEmpty else {
            for finding in wrong { say("pinson: \(finding.target): \(finding.message)") }
            throw ExitCode(1)
        }
        let size = try size(for: memory, on: limit)
        let configuration = source.images[0].configuration
        let execution = configuration.config
        var values = [
            "IMAGE": try pinned(source), "PORT": "\(execution?.ports.first ?? 8080)",
            "MEMORY_MIB": "\(size.memory >> 20)",
            "MEMORY_GI": fixed(Double(size.memory) / Double(1 << 30), 1), "CPU": size.cpu,
            "ARCHITECTURE": configuration.architecture == "amd64" ? "x86_64" : configuration.architecture,
        ]
        // A name says nothing to a platform that has no /etc/passwd of the image.
        let user = String((execution?.user ?? "").prefix { $0 != ":" })
        values["USER"] = UInt32(user).map { "\($0)" } ?? "65532"
        values.merge(try pairs(set, "--set")) { $1 }
        let template = Template(CloudRunFiles.template(target.file) ?? "", named: target.file)
        let text = try template.render(values, given: Swift.Set(try pairs(set, "--set").keys))
        try Rendered(text, named: target.file).validate()
        if let output {
            try await OutputFile.write(Content(ByteBuffer(string: text)), to: output)
        } else {
            print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
        }
        say(
            "memory \(size.memory >> 20) MiB for \(decimal(Int(memory))) bytes needed at the peak; next:\n  \(target.command)"
        )
    }

    /// Bytes at the peak, of the model that is mounted if the image holds none.
    private func memory(_ measurement: Measured) async throws -> Double {
        if let resident = measurement[.resident] { return resident }
        guard let model else {
            throw ValidationError("The image holds no model, so its memory is not known; give '--model <model.gguf>'.")
        }
        let mounted = try await measuring.measure(model, insecure: false)
        guard let resident = mounted[.resident] else {
            throw ValidationError("The memory of \(model) could not be measured; take '--estimate'.")
        }
        return resident
    }

    /// The smallest that leaves a quarter to spare: more requests at once take more than the one that was measured.
    private func size(for memory: Double, on target: Target) throws -> Target.Size {
        let wanted = Int64(memory * 1.25)
        guard let sizes = target.sizes, !sizes.isEmpty else {
            let step: Int64 = 16 << 20
            return Target.Size(memory: (wanted + step - 1) / step * step, cpu: "1")
        }
        guard let size = sizes.first(where: { $0.memory >= wanted }) else {
            say(
                "pinson: \(target.name): \(decimal(Int(wanted))) bytes of memory are more than the largest that can be ordered."
            )
            throw ExitCode(1)
        }
        return size
    }

    /// The image's name with its digest: a tag may be another tomorrow.
    private func pinned(_ source: ImageOrIndex) throws -> String {
        let name = reference ?? image.image
        guard reference != nil || !ImageArgument.isLocal(name) else {
            throw ValidationError(
                "'\(name)' is a file; give the name it has been pushed to with '--reference <reference>'.")
        }
        return try Reference(name).pinned(source.descriptor.digest)
    }
}

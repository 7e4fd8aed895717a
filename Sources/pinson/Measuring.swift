import ArgumentParser
import ContainerFiles
import ContainerImage
import Deployment
import Foundation

/// How much of a check is measured, and with what.
struct Measuring: ParsableArguments {
    @Flag(help: "Do not run the function: estimate memory as the model file and 20 MB.")
    var estimate = false

    @Flag(help: "Run the image's own program even if it is not the one beside pinson. Only for images you trust.")
    var run = false

    @Option(
        help: ArgumentHelp(
            "The function that a model is measured with; the one beside pinson if not given.", valueName: "file"))
    var binary: String?

    /// What the function takes beside the model file at most, on one machine with two cores.
    static let overhead: Int64 = 20_000_000

    func measure(_ subject: String, insecure: Bool) async throws -> Measured {
        if isModel(subject) { return try await measure(model: subject) }
        let image = try await ImageArgument.read(subject, insecure: insecure)
        return try await measure(image, named: subject)
    }

    /// A model is measured in the image that it would be in.
    private func measure(model path: String) async throws -> Measured {
        guard let program = binary ?? Companion.find("function") else {
            throw ValidationError("There is no 'function' beside pinson; name it with '--binary <file>'.")
        }
        let card = try ModelCard(path: path)
        var options = Recipe.Options()
        let platform = try ELF(path: program).platform
        options.labels["pinson.instruction-set"] = platform.leastInstructionSet
        let image = try await Recipe(json: ContainerFiles.recipe, named: "the recipe of pinson")
            .build(on: .scratch(platform), inputs: ["program": program, "model": path], options: options)
        var measurement = try await measure(.image(image), named: path)
        measurement[.fileInGit] = Double(card.bytes)
        return measurement
    }

    func measure(_ image: ImageOrIndex, named name: String) async throws -> Measured {
        var measurement = Measured(subject: name.singleLine)
        let images = image.images.filter { $0.configuration.os != "unknown" }  // attestations of other builders
        var sizes: [ImageSize] = []
        for image in images { sizes.append(try await ImageSize(of: image)) }
        // Each platform pulls one image: the heaviest counts.
        guard let heaviest = sizes.max(by: { $0.unpacked < $1.unpacked }) else {
            throw ContainerImageError.invalid(what: name, reason: "it holds no image", advice: "Build it again.")
        }
        measurement[.compressed] = Double(sizes.map(\.compressed).max() ?? 0)
        measurement[.unpacked] = Double(heaviest.unpacked)
        measurement[.largestLayer] = Double(sizes.map(\.largestLayer).max() ?? 0)
        measurement.files = heaviest.files.prefix(20).map { .init(path: $0.path.singleLine, bytes: $0.size) }
        if case .index = image { measurement.set(.manifest, ["index"]) } else { measurement.set(.manifest, ["image"]) }
        measurement.set(.platform, images.map { "\($0.configuration.os)/\($0.configuration.architecture)" })
        measurement.set(.compression, Set(sizes.flatMap(\.compressions)).map(\.rawValue))
        let executions = images.map { $0.configuration.config }
        measurement.set(.user, Set(executions.map { Self.user($0?.user) }).sorted())
        let labels = executions.compactMap { $0?.labels }
        let paths = labels.compactMap { $0["pinson.health"] }.flatMap { $0.split(separator: " ") }
        measurement.set(.probePath, Set(paths.compactMap { $0.last.map(String.init) }).sorted())
        measurement.set(.instructionSet, Set(labels.compactMap { $0["pinson.instruction-set"] }).sorted())
        measurement.remark(.probePath, "no label 'pinson.health' tells what is probed")
        measurement.remark(.instructionSet, "no label 'pinson.instruction-set' tells what the program needs")
        try await measureRun(images, &measurement)
        return measurement
    }

    private static func user(_ user: String?) -> String {
        let name = String((user ?? "").prefix { $0 != ":" })
        return name.isEmpty || name == "0" || name == "root" ? "root" : name
    }

    /// Memory and start-up, by running it once.
    private func measureRun(_ images: [Image], _ measurement: inout Measured) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let image =
            images.first { $0.configuration.platform.architecture == Platform.current.architecture } ?? images[0]
        let models = measurement.files.filter { $0.path.hasSuffix(".gguf") }
        let path = image.configuration.config?.variable("MODEL_PATH") ?? models.first?.path
        let model = folder.appendingPathComponent("model.gguf").path
        guard let path, try await image.extract(path, to: model) else {
            let remark = "the image holds no model, so its memory is not known; check the model file itself"
            for measure in [Measure.resident, .startUp] { measurement.remark(measure, remark) }
            return
        }
        let card = try ModelCard(path: model)
        if measurement[.fileInGit] == nil { measurement[.fileInGit] = Double(card.bytes) }
        if let saving = card.saving {
            measurement.remarks["suggestion"] =
                "Packing the model with --bits 8 saves \(fixed(Double(saving.bytes) / 1e6, 1)) MB, most of it in '\(saving.tensor)'."
        }
        let reason: String
        if estimate {
            reason = "--estimate"
        } else if image.configuration.platform.architecture != Platform.current.architecture {
            reason = "this machine cannot run \(image.configuration.platform)"
        } else {
            let program = folder.appendingPathComponent("function").path
            let entry = image.configuration.config?.entrypoint?.first ?? "/function"
            let isThere = try await image.extract(entry, to: program)
            if isThere, try await isTrusted(program) {
                chmod(program, 0o755)
                // Three times: where the system puts pages moves the peak by some per cent.
                let trials = try (0..<3).map { _ in try Trial(program: program, model: model) }
                measurement[.resident] = trials.map { Double($0.resident) }.max()
                measurement[.startUp] = trials.map(\.startUp).sorted()[1]
                return
            }
            reason =
                isThere
                ? "its program is not the one beside pinson; --run runs it"
                : "its entry point \(entry.singleLine) is no file in it"
        }
        measurement[.resident] = Double(Int64(card.bytes) + Self.overhead)
        measurement.remark(.resident, "estimated as the model file and 20 MB: \(reason)")
        measurement.remark(.startUp, "it was not run: \(reason)")
    }

    /// An image may come from anywhere, and nobody expects that looking at it runs it.
    private func isTrusted(_ program: String) async throws -> Bool {
        if run { return true }
        guard let own = binary ?? Companion.find("function") else { return false }
        return try await Content(file: own).digest() == Content(file: program).digest()
    }
}

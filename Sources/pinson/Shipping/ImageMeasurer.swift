import ContainerImage
import Deployment
import Foundation
import ModelFile

/// Measures images, and models in the image that they would be in.
struct ImageMeasurer {
    /// Whether memory is estimated instead of measured.
    var estimates: Bool
    /// Whether programs from images may run, even if they are not the function next to pinson.
    var trustsImages: Bool
    /// The function to measure models with.
    ///
    /// Nil takes the one next to pinson.
    var program: String?

    /// Measures a model file, or an image in a folder, a tar or a registry.
    ///
    /// - Throws: `ContainerImageError` or `ModelFileError` if it cannot be read, and `TrialRun.Failure` if the function
    ///   does not run.
    func measure(_ subject: String, insecure: Bool) async throws -> Measurements {
        guard ShippedModel.isModel(subject) else {
            return try await measure(try await ImageLocation(subject).read(insecure: insecure), named: subject)
        }
        _ = try ShippedModel(path: subject)  // An error must name the user's file, not an extracted copy.
        let program = try program ?? Companion.function()
        let image = try await FunctionImage(program: program, model: subject).build()
        return try await measure(.image(image), named: subject)
    }

    /// Measures an image.
    ///
    /// Each layer is read once.
    func measure(_ image: ImageOrIndex, named name: String) async throws -> Measurements {
        // Other builders put attestations into an index, as images for the system "unknown".
        let images = image.images.filter { $0.configuration.os != "unknown" }
        guard let chosen = images.first(where: \.runsHere) ?? images.first else {
            throw ContainerImageError.invalid(what: name, reason: "it contains no image", advice: "Build it again.")
        }
        return try await withTemporaryFolder { folder in
            let candidate = TrialCandidate(chosen)
            var all: [ImageContents] = []
            for image in images {
                let isChosen = image.descriptor.digest == chosen.descriptor.digest
                all.append(
                    try await ImageContents(
                        of: image, extracting: { isChosen && candidate.needs($0) }, into: folder))
                if isChosen { candidate.contents = all.last }
            }
            var measurements = Measurements(subject: name.singleLine)
            measurements.add(all)
            measurements.add(configurations: images.map(\.configuration), of: image)
            try await addTrial(of: candidate, to: &measurements)
            return measurements
        }
    }

    /// Measures memory and start-up by running the function, or estimates memory.
    private func addTrial(of candidate: TrialCandidate, to measurements: inout Measurements) async throws {
        guard let model = candidate.model else {
            let remark = "the image contains no model. Check the model file itself"
            for metric in [Metric.resident, .startUp] { measurements.remark(metric, remark) }
            return
        }
        let facts = try facts(about: model, in: measurements.subject)
        measurements[.fileInGit] = Double(facts.bytes)
        if let saving = facts.saving {
            let megabytes = fixed(Double(saving.bytes) / 1e6, 1)
            measurements.suggestion =
                "Packing the model with --bits 8 saves \(megabytes) MB, most of it in the tensor '\(saving.tensor)'."
        }
        guard let reason = try await reasonNotToRun(candidate) else {
            // Three runs, because the peak varies by some per cent with where the system puts pages.
            let trials = try (0..<3).map { _ in try TrialRun(program: candidate.program ?? "", model: model) }
            measurements[.resident] = trials.map { Double($0.resident) }.max()
            measurements[.startUp] = trials.map(\.startUp).sorted()[1]
            return
        }
        measurements[.resident] = Double(Int64(facts.bytes) + Self.overhead)
        measurements.remark(.resident, "estimated as the size of the model file plus 20 MB, because \(reason)")
        measurements.remark(.startUp, "the function was not run, because \(reason)")
    }

    /// The facts about a model that was extracted from an image.
    ///
    /// Errors name the image, not the extracted copy.
    private func facts(about model: String, in subject: String) throws -> ShippedModel {
        do {
            return try ShippedModel(path: model)
        } catch let error as ModelFileError {
            throw ContainerImageError.invalid(
                what: subject,
                reason: "its model cannot be served: "
                    + "\(error)".replacing("\(model): ", with: "").trimmingCharacters(in: ["."]),
                advice: "Build the image with another model.")
        }
    }

    /// The most memory that the function needs in addition to the model file, measured on a machine with two cores.
    private static let overhead: Int64 = 20_000_000

    /// The reason why the candidate is not run, or nil if it may run.
    ///
    /// An image may come from a stranger, and nobody expects that checking an image runs it.
    private func reasonNotToRun(_ candidate: TrialCandidate) async throws -> String? {
        if estimates { return "--estimate was given" }
        guard candidate.image.runsHere else {
            return "this machine cannot run \(candidate.image.configuration.platform)"
        }
        guard let found = candidate.program else {
            return "the image does not contain its entry point \(candidate.entrypoint.singleLine)"
        }
        if !trustsImages {
            guard let own = program ?? Companion.find("function"),
                try await Content(file: own).digest() == Content(file: found).digest()
            else { return "its program is not the one next to pinson. Use --run to run it anyway" }
        }
        chmod(found, 0o755)
        return nil
    }
}

/// An image whose program may be run with its model.
private final class TrialCandidate {
    let image: Image
    let entrypoint: String
    private let declaredModel: String?
    /// What was found in the image, once it has been read.
    var contents: ImageContents?

    init(_ image: Image) {
        self.image = image
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "/\(path)" }
        entrypoint = absolute(image.configuration.config?.entrypoint?.first ?? "function")
        declaredModel = image.configuration.config?.variable("MODEL_PATH").map(absolute)
    }

    /// Whether the file at `path` must be extracted for a trial run.
    func needs(_ path: String) -> Bool {
        path == entrypoint || (declaredModel.map { path == $0 } ?? path.hasSuffix(".gguf"))
    }

    /// The extracted program.
    var program: String? { contents?.extracted[entrypoint] }

    /// The extracted model: the one that `MODEL_PATH` names, or the largest one.
    var model: String? {
        let path = declaredModel ?? contents?.files.first { $0.path.hasSuffix(".gguf") }?.path
        return path.flatMap { contents?.extracted[$0] }
    }
}

extension Image {
    fileprivate var runsHere: Bool { configuration.platform.architecture == Platform.current.architecture }
}

/// Calls `body` with a new folder, which is removed afterwards.
private func withTemporaryFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

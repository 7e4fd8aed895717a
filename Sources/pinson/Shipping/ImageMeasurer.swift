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
    /// Environment variables of the trial run, in addition to those of the image.
    ///
    /// One request is computed at a time unless they or the image say otherwise, as on a platform with one CPU.
    var environment: [String: String] = [:]
    /// The absolute paths of the files whose presence is reported.
    var wanted: Set<String> = []

    /// Measures a model file, or an image in a folder, a tar or a registry.
    ///
    /// - Throws: `ContainerImageError` or `ModelFileError` if it cannot be read, and `TrialFailure` if the function does
    ///   not run.
    func measure(_ subject: String, from registry: RegistryOptions) async throws -> Measurements {
        guard ShippedModel.isModel(subject) else {
            return try await measure(try await ImageLocation(subject).read(from: registry), named: subject)
        }
        let facts = try ShippedModel(path: subject)
        let program = try program ?? Companion.function()
        let image = try await FunctionImage(program: program, model: subject).build()
        var measurements = Measurements(subject: subject.singleLine)
        let contents = try await ImageContents(of: image, keeping: Dictionary(wanted.map { ($0, 0) }) { $1 })
        measurements.add([contents])
        measurements.set(.file, wanted.filter { contents.found[$0] != nil })
        measurements.set(.protocol, try LambdaRuntime.protocols(ofProgram: program))
        measurements.add(configurations: [image.configuration], of: .image(image))
        measurements.add(facts)
        let candidate = TrialCandidate(image)
        if let reason = reasonNotToRun(candidate) {
            measurements.estimate(facts, because: reason)
        } else {
            let model = URL(fileURLWithPath: subject).path  // an absolute path
            try addTrial(.init(path: program, model: model, environment: candidate.environment), to: &measurements)
        }
        return measurements
    }

    /// Measures an image.
    ///
    /// Each layer is read once. Only a model that is run is written to the disk, to a file without a name.
    func measure(_ image: ImageOrIndex, named name: String) async throws -> Measurements {
        // Other builders put attestations into an index, as images for the system "unknown".
        let images = image.images.filter { $0.configuration.os != "unknown" }
        let candidates = images.map { TrialCandidate($0) }
        guard var candidate = candidates.first(where: \.runsHere) ?? candidates.first else {
            throw ContainerImageError.invalid(what: name, reason: "it contains no image", advice: "Build it again.")
        }
        let files = wanted.union([LambdaRuntime.adapter])
        let keeping = candidate.keeping(trial: reasonNotToRun(candidate) == nil, program: trustsImages)
            .merging(files.map { ($0, 0) }) { first, _ in first }
        let budget = UnpackingBudget()
        var all: [ImageContents] = []
        for image in images {
            let isChosen = image.descriptor.digest == candidate.image.descriptor.digest
            all.append(try await ImageContents(of: image, keeping: isChosen ? keeping : [:], within: budget))
            if isChosen { candidate.contents = all.last }
        }
        var measurements = Measurements(subject: name.singleLine)
        measurements.add(all)
        measurements.add(configurations: images.map(\.configuration), of: image)
        measurements.set(.file, wanted.filter { candidate.contents?.found[$0] != nil })
        let own = try await own(candidate)
        try addProtocols(of: candidate, own, to: &measurements)
        try addTrial(of: candidate, own, to: &measurements)
        return measurements
    }

    /// Adds the protocols of the program of an image, if it is the function next to pinson or may run.
    private func addProtocols(
        of candidate: TrialCandidate, _ own: String?, to measurements: inout Measurements
    ) throws {
        if let path = own ?? candidate.program?.path {
            measurements.set(.protocol, try LambdaRuntime.protocols(ofProgram: path))
        } else if candidate.contents?.found[LambdaRuntime.adapter] != nil {
            measurements.set(.protocol, LambdaRuntime.protocolsWithAdapter)
        } else {
            measurements.remark(.protocol, "the program of the image is not the one next to pinson")
        }
    }

    /// The path of the function next to pinson, if it is the program of an image.
    private func own(_ candidate: TrialCandidate) async throws -> String? {
        guard let own = program ?? Companion.find("function"), let digest = candidate.program?.digest,
            try await Content(file: own).digest() == digest
        else { return nil }
        return own
    }

    // MARK: - The trial

    /// Measures memory and start-up by running the function of an image, or estimates memory.
    private func addTrial(
        of candidate: TrialCandidate, _ own: String?, to measurements: inout Measurements
    ) throws {
        guard let file = candidate.model else {
            return measurements.remark(trial: "the image contains no model. Check the model file itself")
        }
        guard let model = file.path, let descriptor = file.descriptor else {
            measurements[.fileInGit] = Double(file.size)
            return measurements.remark(trial: "the model takes more space than an image of this size may unpack to")
        }
        let facts = try facts(about: model, in: measurements.subject)
        measurements.add(facts)
        var run = FunctionProcess.Program(
            path: "", model: model, environment: candidate.environment, descriptors: [descriptor])
        switch program(of: candidate, own) {
        case .missing(let reason): measurements.estimate(facts, because: reason)
        case .own(let path):
            run.path = path
            try addTrial(run, to: &measurements)
        case .extracted(let path, let descriptor):
            run.path = path
            run.descriptors.append(descriptor)
            try addTrial(run, to: &measurements)
        }
        withExtendedLifetime(candidate) {}  // It closes the files.
    }

    private func addTrial(_ program: FunctionProcess.Program, to measurements: inout Measurements) throws {
        var program = program
        program.environment = ["CONCURRENCY": "1", "THREADS": "1"].merging(program.environment) { $1 }
            .merging(environment) { $1 }
        let trial = try TrialRun(program)
        measurements[.resident] = Double(trial.residentUnderLoad)
        measurements[.residentIdle] = Double(trial.residentAfterAnswer)
        measurements[.anonymous] = Double(trial.anonymousUnderLoad)
        measurements[.startUp] = trial.startUp
    }

    private enum TrialProgram {
        case own(path: String)
        case extracted(path: String, Int32)
        case missing(reason: String)
    }

    /// The program to run in place of that of an image, or the reason why none is run.
    ///
    /// An image may come from a stranger, and nobody expects that checking an image runs it.
    private func program(of candidate: TrialCandidate, _ own: String?) -> TrialProgram {
        if let reason = reasonNotToRun(candidate) { return .missing(reason: reason) }
        guard let found = candidate.program else {
            return .missing(reason: "the image does not contain its entry point \(candidate.entrypoint.singleLine)")
        }
        if trustsImages {
            guard let path = found.path, let descriptor = found.descriptor else {
                return .missing(reason: "its program takes more space than an image of this size may unpack to")
            }
            return .extracted(path: path, descriptor)
        }
        guard let own else {
            return .missing(reason: "its program is not the one next to pinson. Use --run to run it anyway")
        }
        return .own(path: own)
    }

    /// The reason why nothing is run, or nil if the program may run.
    private func reasonNotToRun(_ candidate: TrialCandidate) -> String? {
        if estimates { return "--estimate was given" }
        return candidate.runsHere ? nil : "this machine cannot run \(candidate.image.configuration.platform)"
    }

    /// The facts about a model that was copied out of an image.
    ///
    /// Errors name the image, not the copy.
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
}

import ArgumentParser
import CloudRunFiles
import ContainerImage
import Deployment
import Foundation

/// The memory that a file for a platform asks for, which must hold the load that the same file allows.
struct MemoryRequest {
    private let template: DeployTemplate
    private let target: Target
    /// The values of the template that the user has set.
    private let given: [String: String]
    /// The settings of the function in the image and in the template.
    private var settings: [String: String]
    /// Whether the template has a variable for the memory.
    private let hasMemory: Bool

    /// Reads the settings that decide about the load.
    ///
    /// - Throws: `ValidationError` if a number that the user has set is none.
    init(_ template: DeployTemplate, _ target: Target, _ given: [String: String], of image: ImageOrIndex) throws {
        self.template = template
        self.target = target
        self.given = given
        let execution = image.images.first?.configuration.config
        let file = Template(CloudRunFiles.template(template.fileName) ?? "", named: template.fileName)
        hasMemory = file.variables.contains { $0.name.hasPrefix("MEMORY_") }
        settings = ["CONCURRENCY": given["CONCURRENCY"] ?? execution?.variable("CONCURRENCY")].compactMapValues { $0 }
        settings["QUEUE_LIMIT"] =
            given["QUEUE_LIMIT"] ?? execution?.variable("QUEUE_LIMIT") ?? file.defaults["QUEUE_LIMIT"]
        for (name, unit) in Self.units { _ = try Self.number(given[name], name, unit) }
    }

    /// The variables of templates that are sizes, and the number of bytes of each unit.
    private static let units: KeyValuePairs = ["MEMORY_MIB": Double(1 << 20), "MEMORY_GI": Double(1 << 30), "CPU": 1]

    private static func number(_ text: String?, _ name: String, _ unit: Double) throws -> Double? {
        guard let text else { return nil }
        // Kubernetes writes half a CPU as 500m.
        let milli = name == "CPU" && text.hasSuffix("m")
        guard let number = Double(milli ? text.dropLast() : text[...]).map({ milli ? $0 / 1000 : $0 }), number > 0,
            number < 0x1p40
        else {
            throw ValidationError("The value '\(text)' of \(name) is invalid for '--set': expected a number.")
        }
        return number * unit
    }

    /// The values of the template that decide about the load: one request at a time for each CPU, unless somebody says
    /// otherwise.
    func values(_ size: Target.Size) -> [String: String] {
        let cpus = (try? Self.number(given["CPU"] ?? size.cpu, "CPU", 1)) ?? 1
        return ["CONCURRENCY": "\(Int(cpus.rounded(.up)))"].merging(settings) { $1 }
    }

    /// Measures an image under the load that the file will allow, and chooses the size.
    ///
    /// A larger size may have more CPUs and thus compute more requests at the same time, so the image is then measured
    /// again.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - name: The name of the image, for errors.
    ///   - model: The model that will be mounted, if the image contains none.
    ///   - registry: What a registry is allowed to do.
    ///   - base: Measures with the options of the user.
    /// - Returns: The measurements, and the size to ask for.
    /// - Throws: `ExitCode` if no size is large enough, `ValidationError` if the model is not known, and an error of the
    ///   measurement.
    func measure(
        _ image: ImageOrIndex, named name: String, model: String?, from registry: RegistryOptions,
        _ base: ImageMeasurer
    ) async throws -> (Measurements, Target.Size) {
        var size = target.sizes?.first ?? Target.Size(memory: 0, cpu: "1")
        while true {
            var measurer = base
            measurer.environment = values(size)
            let cpus = measurer.environment["CONCURRENCY"].flatMap { Int($0) } ?? 1
            measurer.environment["THREADS"] = "\(max(1, min(cpus, 64)))"
            var measurements = try await measurer.measure(image, named: name)
            var mounted: Double = 0
            if measurements[.anonymous] == nil {
                guard let model else {
                    throw ValidationError(
                        "The image contains no model, so its memory is unknown. Give '--model <model.gguf>'.")
                }
                let other = try await measurer.measure(model, from: registry)
                mounted = other[.fileInGit] ?? 0
                for metric in [Metric.resident, .residentIdle, .anonymous, .startUp] {
                    measurements[metric] = other[metric]
                }
            }
            let need = MemoryNeed(
                unpacked: measurements[.unpacked] ?? 0, mounted: mounted, anonymous: measurements[.anonymous] ?? 0,
                other: template.otherMemory)
            let chosen = try choose(need)
            if values(chosen) == values(size) { return (measurements, chosen) }
            size = chosen
        }
    }

    /// The size that the target offers for the need, and that the user has not made too small.
    private func choose(_ need: MemoryNeed) throws -> Target.Size {
        for (name, unit) in Self.units where name != "CPU" {
            guard let bytes = try Self.number(given[name], name, unit), Int64(bytes) < need.bytes else { continue }
            say(
                "pinson: --set \(name)=\(given[name] ?? ""): the function needs \(megabytes(need.bytes)) under the load that it "
                    + "accepts. Set more, allow less load with --set QUEUE_LIMIT=…, or pack a smaller model.")
            throw ExitCode(1)
        }
        guard let size = need.size(on: target) else {
            let largest = target.sizes?.map(\.memory).max() ?? 0
            say(
                "pinson: \(target.name): \(megabytes(need.bytes)) of memory are needed, but the largest size has "
                    + "\(megabytes(largest)). Pack a smaller model, or choose another target.")
            throw ExitCode(1)
        }
        return size
    }

    /// What the file asks for, and why.
    func summary(_ measurements: Measurements, _ size: Target.Size) -> String {
        let load = measurements[.resident].map { ", and the function needed \(megabytes(Int64($0))) under load" } ?? ""
        let memory = given["MEMORY_MIB"].map { "\($0) MiB" } ?? given["MEMORY_GI"].map { "\($0) Gi" }
        let verb = hasMemory ? "asks for" : "cannot ask for memory, and needs"
        return "The file \(verb) \(memory ?? "\(size.memory >> 20) MiB") of memory: "
            + "the image unpacks to \(megabytes(Int64(measurements[.unpacked] ?? 0)))\(load)."
    }

    private func megabytes(_ bytes: Int64) -> String { "\(fixed(Double(bytes) / 1e6, 1)) MB" }
}

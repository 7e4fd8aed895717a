import ContainerImage
import Deployment

extension Measurements {
    /// Adds the sizes and the files of images for several platforms.
    ///
    /// A host pulls one of them, so the largest counts.
    mutating func add(_ contents: [ImageContents]) {
        guard let largest = contents.max(by: { $0.unpacked < $1.unpacked }) else { return }
        self[.compressed] = Double(contents.map(\.compressed).max() ?? 0)
        self[.unpacked] = Double(largest.unpacked)
        self[.largestLayer] = Double(contents.map(\.largestLayer).max() ?? 0)
        files = largest.files.prefix(20).map { .init(path: $0.path.singleLine, bytes: $0.size) }
        set(.compression, Set(contents.flatMap(\.compressions)).map(\.rawValue))
    }

    /// Adds what the configurations of the images say about platforms, users, probes and processors.
    mutating func add(configurations: [Configuration], of image: ImageOrIndex) {
        if case .index = image { set(.manifest, ["index"]) } else { set(.manifest, ["image"]) }
        set(.platform, configurations.map { "\($0.os)/\($0.architecture)" })
        set(.user, Set(configurations.map { Self.user($0.config?.user) }).sorted())
        let labels = configurations.compactMap { $0.config?.labels }
        let paths = labels.compactMap { $0["pinson.health"] }.flatMap { $0.split(separator: " ") }
        set(.probePath, Set(paths.map { String($0).singleLine }).sorted())
        set(.instructionSet, Set(labels.compactMap { $0["pinson.instruction-set"] }).sorted())
        remark(.probePath, "the image has no label 'pinson.health' that names the paths of the probes")
        remark(.instructionSet, "the image has no label 'pinson.instruction-set' that names the processors it needs")
    }

    private static func user(_ user: String?) -> String {
        let name = String((user ?? "").prefix { $0 != ":" })
        return name.isEmpty || name == "0" || name == "root" ? "root" : name
    }
}

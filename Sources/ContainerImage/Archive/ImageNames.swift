/// The names of the images in a folder or tar, for an error about a name that is missing or not known.
struct ImageNames {
    /// The path of the folder or tar.
    let path: String
    /// The name of each image, or what it can be named by instead; nil if there is nothing.
    let names: [String?]

    /// The largest number of names in an error.
    private static let most = 20

    /// The error for a name that no image has, or for a missing name where there is not exactly one image.
    func error(_ name: String?) -> ContainerImageError {
        .invalid(
            what: path,
            reason: name.map { "it has no image called '\($0.singleLine)'" } ?? "it has \(names.count) images",
            advice: advice)
    }

    private var advice: String {
        let known = names.compactMap { $0?.singleLine }
        if names.isEmpty { return "Build an image into it with `pinson image build`." }
        if names.count == 1, known.isEmpty { return "Its only image has no name, so give the path alone." }
        guard !known.isEmpty else { return "Its images have no names. Save one of them with a name." }
        let more = known.count > Self.most ? " and \(known.count - Self.most) more" : ""
        return "Append one of these names after a colon: \(known.prefix(Self.most).joined(separator: ", "))\(more)."
    }
}

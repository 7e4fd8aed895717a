/// A property of an image that is measured and that a limit can concern.
///
/// The raw value is the name of the metric in limits files, in reports and on the command line.
public enum Metric: String, Codable, Sendable, CaseIterable {
    /// The size of all layers as they are stored, plus the image configuration, in bytes.
    case compressed
    /// The size of the unpacked root file system, in bytes.
    case unpacked
    /// The peak resident memory under the full load that the function accepts, in bytes.
    case resident
    /// The peak resident memory after one answer, in bytes.
    case residentIdle = "resident-idle"
    /// The most memory under load that does not belong to a mapped file, in bytes.
    case anonymous
    /// The size of the largest layer as it is stored, in bytes.
    case largestLayer = "largest-layer"
    /// The time from the start of the process to its first answer, in seconds.
    case startUp = "start-up"
    /// The size of the model file, in bytes.
    case fileInGit = "file-in-git"
    /// The operating systems and architectures of the image, such as `linux/amd64`.
    case platform
    /// The form of the image: `image` for one platform, `index` for a list of platforms.
    case manifest
    /// The compression of the layers: `gzip` or `none`.
    case compression
    /// The user that the process runs as: `root`, or another name or number.
    case user
    /// The paths that the platform may probe.
    case probePath = "probe-path"
    /// The smallest set of processor instructions that the function needs.
    case instructionSet = "instruction-set"
    /// The files of the image that limits ask for, by their absolute paths.
    case file
    /// The protocols by which the program takes requests: `http`, and `lambda` for the runtime API of AWS Lambda.
    case `protocol`

    /// Decodes a metric from its name.
    ///
    /// - Parameter decoder: The decoder to read the name from.
    /// - Throws: `DecodingError` if the value is not a string or not the name of a metric.
    public init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let metric = Metric(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(name)' is not a metric; the metrics are \(names)"))
        }
        self = metric
    }

    /// Whether values of the metric are a number of bytes.
    var isBytes: Bool {
        switch self {
        case .compressed, .unpacked, .resident, .residentIdle, .anonymous, .largestLayer, .fileInGit: true
        default: false
        }
    }

    /// The name of the metric in sentences and tables.
    var title: String {
        switch self {
        case .compressed: "compressed size"
        case .unpacked: "unpacked size"
        case .resident: "memory under load"
        case .residentIdle: "memory after one answer"
        case .anonymous: "memory without files"
        case .largestLayer: "largest layer"
        case .startUp: "start-up time"
        case .fileInGit: "model file"
        case .platform: "platform"
        case .manifest: "form of the image"
        case .compression: "compression"
        case .user: "user"
        case .probePath: "probe paths"
        case .instructionSet: "instruction set"
        case .file: "file"
        case .protocol: "protocol"
        }
    }

    /// Whether the metric is a size of the image or of its files, so that a smaller file helps.
    var isSizeOnDisk: Bool {
        switch self {
        case .compressed, .unpacked, .largestLayer, .fileInGit: true
        default: false
        }
    }
}

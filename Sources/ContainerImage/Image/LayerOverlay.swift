import NIOCore

/// The files that are left when layers are laid over each other.
///
/// Each path is a node that refers to the node of its folder. A node is never removed: it remembers the last layer that
/// changed it, and the last layer that removed everything below it. The time is therefore linear in the number of
/// entries, whatever the layers remove.
///
/// - Source: OCI image-spec 1.1.1, layer.md, "Applying Changesets".
struct LayerOverlay {
    /// A folder, a file, a link or a device.
    private struct Node {
        var parent: Int
        var name: [UInt8]
        /// The size in bytes, 0 for anything but a regular file, or nil for a folder.
        var size: Int64?
        /// The number of the layer that has the present version of the file.
        var layer = 0
        /// What comes from a layer below this one is gone, here and in everything below this path.
        var cleared = 0
    }

    /// Names are bytes, as they are for Linux: two texts that Swift takes for equal can be two files.
    private struct Key: Hashable {
        var parent: Int
        var name: [UInt8]
    }

    private var nodes = [Node(parent: 0, name: [])]
    private var numbers: [Key: Int] = [:]
    private var layer = 0
    private var kept: [Int: ImageFile] = [:]

    /// The longest path and the longest name that Linux has.
    private static let (longestPath, longestName) = (4096, 255)

    /// Lays `layer` over the present files.
    ///
    /// If this throws, the files are not valid any more.
    ///
    /// `keeping` has the number of bytes to keep of each wanted file, by its absolute path.
    mutating func add(_ layer: Layer, keeping: [String: Int64], within budget: UnpackingBudget) async throws {
        let name = "layer \(layer.descriptor.digest)"
        var reader = try await layer.tarReader(within: budget)
        self.layer += 1
        while let header = try await reader.next() {
            let parts = try Self.parts(of: header.path, in: name)
            guard let last = parts.last else { continue }  // the root folder itself
            var parent = 0
            for part in parts.dropLast() { parent = try child(part, of: parent, within: budget, name) }
            if last.elementsEqual(".wh..wh..opq".utf8) {  // this layer replaces the whole folder
                nodes[parent].cleared = self.layer
            } else if last.starts(with: ".wh.".utf8) {  // this layer removes a file or a folder
                // What no layer below has needs no node.
                if let removed = numbers[Key(parent: parent, name: Array(last.dropFirst(4)))] {
                    nodes[removed].cleared = self.layer
                }
            } else if header.kind == .directory {
                _ = try child(last, of: parent, within: budget, name)
            } else {
                let node = try child(last, of: parent, within: budget, name)
                nodes[node].size = header.kind == .file ? header.size : 0
                (nodes[node].layer, nodes[node].cleared) = (self.layer, self.layer)
                kept[node] = nil
                if header.kind == .file, let count = keeping[path(node)] {
                    kept[node] = try await ImageFile(header, from: &reader, keeping: count, within: budget)
                }
            }
        }
        try await reader.finish()
    }

    /// The number of the node called `name` in the folder `parent`, which is not a file from now on.
    ///
    /// `layer` is for errors.
    private mutating func child(
        _ name: Substring.UTF8View, of parent: Int, within budget: UnpackingBudget, _ layer: String
    ) throws(ContainerImageError) -> Int {
        let key = Key(parent: parent, name: Array(name))
        if let number = numbers[key] {
            nodes[number].size = nil
            return number
        }
        try budget.enter(of: layer)
        nodes.append(Node(parent: parent, name: key.name))
        numbers[key] = nodes.count - 1
        return nodes.count - 1
    }

    private static func parts(of path: String, in layer: String) throws(ContainerImageError) -> [Substring.UTF8View] {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        guard path.utf8.count <= longestPath, parts.allSatisfy({ $0.count <= longestName }) else {
            throw .invalid(
                what: layer,
                reason: "the path '\(path.prefix(100).description.singleLine)…' has \(path.utf8.count) bytes; "
                    + "Linux allows \(longestPath) for a path and \(longestName) for each of its names",
                advice: "Build the image again with shorter paths.")
        }
        return parts
    }

    // MARK: - The result

    /// The regular files, links and devices that are left.
    struct Files {
        /// The sum of the sizes, in bytes.
        var size: Int64 = 0
        /// The largest files, largest first, with absolute paths.
        var largest: [(path: String, size: Int64)] = []
        /// The wanted files, by their absolute path.
        var kept: [String: ImageFile] = [:]
    }

    /// The files that are left, and the `count` largest of them by name.
    func files(largest count: Int) -> Files {
        var files = Files()
        var cleared = [Int](repeating: 0, count: nodes.count)
        var left: [(node: Int, size: Int64)] = []
        for (number, node) in nodes.enumerated() {  // a folder comes before what is in it
            cleared[number] = max(node.cleared, cleared[node.parent])
            guard let size = node.size, node.layer >= cleared[number] else { continue }
            files.size += size
            left.append((number, size))
            if let file = kept[number] { files.kept[path(number)] = file }
        }
        left.sort { ($1.size, $0.node) < ($0.size, $1.node) }
        files.largest = left.prefix(count).map { (path($0.node), $0.size) }
        return files
    }

    private func path(_ number: Int) -> String {
        var (parts, number): ([[UInt8]], Int) = ([], number)
        while number > 0 {
            parts.append(nodes[number].name)
            number = nodes[number].parent
        }
        return "/" + parts.reversed().map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }
}

/// A vocabulary as a double-array trie over UTF-8 bytes, used directly in the form in which a model file stores it.
///
/// A node is three `Int32`: `base`, `check` and `token`. Byte `b` leads from node `n` to node `base[n] + b` if the
/// `check` of that node is `n`. `token` is the id of the token that ends at the node, or -1. The root is node 0.
///
/// The array is not trusted: whatever it contains, a walk stays inside it, and every id is below the vocabulary size.
///
/// - Source: Aoe 1989, doi:10.1109/32.31365.
public struct Trie {
    struct Node: BitwiseCopyable {
        var base: Int32
        var check: Int32
        var token: Int32

        /// A slot of the array that belongs to no node.
        static let free = Node(base: -1, check: -1, token: -1)
    }

    /// The number of `Int32` values in a node.
    public static let nodeWidth = 3
    static let root = 0

    private let nodes: UnsafeBufferPointer<Node>
    /// The number of ids; a larger id in the array counts as no token.
    private let vocabulary: Int32

    /// Creates a view of an array of nodes; nothing is copied.
    ///
    /// - Parameters:
    ///   - words: the nodes, `nodeWidth` values each. The memory must outlive the trie. An incomplete last node is
    ///     ignored.
    ///   - vocabulary: the number of ids.
    public init(words: UnsafeBufferPointer<Int32>, vocabulary: Int) {
        self.vocabulary = Int32(clamping: vocabulary)
        let raw = UnsafeRawBufferPointer(words)
        nodes = UnsafeRawBufferPointer(
            rebasing: raw.prefix(raw.count / MemoryLayout<Node>.size * MemoryLayout<Node>.size)
        )
        .bindMemory(to: Node.self)
    }

    /// Returns the node that `byte` leads to from `node`, or nil.
    @inline(__always)
    func step(from node: Int, _ byte: UInt8) -> Int? {
        let next = Int(nodes[node].base) + Int(byte)
        guard next > 0, next < nodes.count, nodes[next].check == node else { return nil }
        return next
    }

    /// Returns the id of the token that ends at `node`, or nil.
    @inline(__always)
    func token(at node: Int) -> Int32? {
        let token = nodes[node].token
        return token >= 0 && token < vocabulary ? token : nil
    }

    /// Returns the id of `token`, or nil if the vocabulary does not contain it.
    public func id(of token: String) -> Int32? {
        node(of: token.utf8).flatMap { self.token(at: $0) }
    }

    /// Returns the node that `prefix` leads to from the root, or nil.
    func node(of prefix: some Sequence<UInt8>) -> Int? {
        guard !nodes.isEmpty else { return nil }
        var node = Self.root
        for byte in prefix {
            guard let next = step(from: node, byte) else { return nil }
            node = next
        }
        return node
    }

    /// Returns the longest token that starts at index `start` of `word` when the walk begins at `node`.
    ///
    /// The result is the id of the token and the index after its last byte, or nil if no token matches.
    @inline(__always)
    func longestToken(in word: UnsafeBufferPointer<UInt8>, from start: Int, node: Int) -> (token: Int32, end: Int)? {
        var node = node
        var longest: (token: Int32, end: Int)?
        for index in start..<word.count {
            guard let next = step(from: node, word[index]) else { break }
            node = next
            if let token = token(at: node) { longest = (token, index + 1) }
        }
        return longest
    }
}

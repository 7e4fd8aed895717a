/// A vocabulary as a double-array trie over UTF-8 bytes, in the form in which it lies in a model file.
///
/// Node `n` is three `Int32`: `base`, `check`, `token`. Byte `b` leads from `n` to `base[n] + b` if the `check` found
/// there is `n`. `token` is the id of the token that ends at the node, or -1. The root is node 0. Nothing is built
/// and nothing believed: a walk stays within the array whatever the array holds.
///
/// - Source: Aoe 1989, doi:10.1109/32.31365.
public struct Trie {
    struct Node: BitwiseCopyable {
        var base: Int32
        var check: Int32
        var token: Int32

        static let free = Node(base: -1, check: -1, token: -1)
    }

    /// `Int32`s of one node.
    public static let nodeWidth = 3
    static let root = 0

    private let nodes: UnsafeBufferPointer<Node>
    /// Ids are below this; what claims another is no token.
    private let vocabulary: Int32

    /// A trie over `words`, which must outlive it.
    ///
    /// - Parameter vocabulary: the number of ids there are.
    public init(words: UnsafeBufferPointer<Int32>, vocabulary: Int) {
        self.vocabulary = Int32(clamping: vocabulary)
        let raw = UnsafeRawBufferPointer(words)
        nodes = UnsafeRawBufferPointer(
            rebasing: raw.prefix(raw.count / MemoryLayout<Node>.size * MemoryLayout<Node>.size)
        )
        .bindMemory(to: Node.self)
    }

    /// The node that `byte` leads to from `node`, or nil.
    @inline(__always)
    func step(from node: Int, _ byte: UInt8) -> Int? {
        let next = Int(nodes[node].base) + Int(byte)
        guard next > 0, next < nodes.count, nodes[next].check == node else { return nil }
        return next
    }

    /// The id of the token that ends at `node`, or nil.
    @inline(__always)
    func token(at node: Int) -> Int32? {
        let token = nodes[node].token
        return token >= 0 && token < vocabulary ? token : nil
    }

    /// The id of `token`, or nil if the vocabulary does not have it.
    public func id(of token: String) -> Int32? {
        node(of: token.utf8).flatMap { self.token(at: $0) }
    }

    /// The node that `prefix` leads to from the root, or nil.
    func node(of prefix: some Sequence<UInt8>) -> Int? {
        guard !nodes.isEmpty else { return nil }
        var node = Self.root
        for byte in prefix {
            guard let next = step(from: node, byte) else { return nil }
            node = next
        }
        return node
    }

    /// The longest token that starts at `start` in `word`, from `node`: its id and the index behind it.
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

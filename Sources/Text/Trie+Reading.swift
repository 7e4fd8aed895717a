extension Trie {
    /// Returns every token by its id; this recovers a vocabulary from a model file.
    public func tokens() -> [Int32: String] {
        var found: [Int32: String] = [:]
        var pending: [(node: Int, bytes: [UInt8])] = node(of: []).map { [($0, [])] } ?? []
        var visited: Set<Int> = []  // a damaged array can contain a cycle
        while let (node, bytes) = pending.popLast() {
            guard visited.insert(node).inserted else { continue }
            if let token = token(at: node) { found[token] = String(decoding: bytes, as: UTF8.self) }
            for byte in UInt8.min...UInt8.max {
                if let next = step(from: node, byte) { pending.append((next, bytes + [byte])) }
            }
        }
        return found
    }
}

extension Trie {
    /// Lays `tokens` out as a double array; the id of a token is its index.
    ///
    /// - Parameter tokens: distinct and not empty.
    /// - Complexity: O(bytes of all tokens), in practice; a few tens of milliseconds for 30,000.
    public static func build(_ tokens: [String]) -> [Int32] {
        var builder = Builder(tokens: tokens)
        return builder.build()
    }

    private struct Builder {
        /// Sorted by their bytes, so that a subtree is a range.
        let tokens: [(bytes: [UInt8], id: Int32)]
        var nodes: [Node] = []
        var used: [Bool] = []
        /// No slot below this one is free.
        var firstFree = 1

        init(tokens: [String]) {
            self.tokens = tokens.enumerated()
                .map { (Array($1.utf8), Int32($0)) }
                .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }

        mutating func build() -> [Int32] {
            grow(to: 1)
            used[Trie.root] = true
            place(tokens.indices, depth: 0, at: Trie.root)
            return nodes.flatMap { [$0.base, $0.check, $0.token] }
        }

        /// Places the children of `node`, whose tokens are `range`, and then theirs.
        mutating func place(_ range: Range<Int>, depth: Int, at node: Int) {
            var range = range
            if let first = range.first, tokens[first].bytes.count == depth {
                nodes[node].token = tokens[first].id
                range = range.dropFirst()
            }
            var children: [(byte: UInt8, range: Range<Int>)] = []
            for index in range {
                let byte = tokens[index].bytes[depth]
                if children.last?.byte == byte {
                    children[children.count - 1].range = children[children.count - 1].range.lowerBound..<index + 1
                } else {
                    children.append((byte, index..<index + 1))
                }
            }
            guard !children.isEmpty else { return }
            let base = findBase(for: children.map { Int($0.byte) })
            nodes[node].base = Int32(base)
            for child in children {
                nodes[base + Int(child.byte)].check = Int32(node)
                used[base + Int(child.byte)] = true
            }
            for child in children { place(child.range, depth: depth + 1, at: base + Int(child.byte)) }
        }

        /// The lowest base at which every one of `bytes` falls on a free slot.
        mutating func findBase(for bytes: [Int]) -> Int {
            while firstFree < used.count && used[firstFree] { firstFree += 1 }
            var base = max(1, firstFree - bytes[0])
            while true {
                grow(to: base + 256)
                if bytes.allSatisfy({ !used[base + $0] }) { return base }
                base += 1
            }
        }

        mutating func grow(to count: Int) {
            guard count > nodes.count else { return }
            nodes += [Node](repeating: .free, count: count - nodes.count)
            used += [Bool](repeating: false, count: count - used.count)
        }
    }

    /// Every token, by id, as the array spells them: for reading a vocabulary back out of a model file.
    public func tokens() -> [Int32: String] {
        var found: [Int32: String] = [:]
        var pending: [(node: Int, bytes: [UInt8])] = node(of: []).map { [($0, [])] } ?? []
        var visited: Set<Int> = []  // a damaged array may lead in circles
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

extension Trie {
    /// Builds the double array of a vocabulary, in which the id of a token is its index.
    ///
    /// - Parameter tokens: distinct strings, none of them empty.
    /// - Returns: the nodes, `nodeWidth` values each.
    /// - Complexity: O(bytes of all tokens) in practice: a few tens of milliseconds for 30,000 tokens.
    public static func build(_ tokens: [String]) -> [Int32] {
        var builder = Builder(tokens: tokens)
        return builder.build()
    }

    private struct Builder {
        /// The tokens sorted by their bytes, so that the tokens of a subtree are a range.
        let tokens: [(bytes: [UInt8], id: Int32)]
        var nodes: [Node] = []
        var used: [Bool] = []
        /// Every slot below this one is in use.
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

        /// Places the children of `node` and, recursively, their descendants.
        ///
        /// The tokens in `range` share their first `depth` bytes, which lead to `node`.
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

        /// Returns the lowest base, from the first free slot on, at which each of `bytes` meets a free slot.
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
}

extension Trie {
    /// Builds the double array of a vocabulary, in which the id of a token is its index.
    ///
    /// - Parameter tokens: distinct strings, none of them empty.
    /// - Returns: the nodes, `nodeWidth` values each.
    /// - Complexity: O(bytes of all tokens) in practice: a few tens of milliseconds for 30,000 tokens.
    public static func build(_ tokens: [String]) -> [Int32] {
        build(tokens.enumerated().map { (Array($1.utf8), Int32($0)) })
    }

    /// Builds the double array of a vocabulary whose tokens are bytes.
    ///
    /// - Parameter tokens: distinct sequences of bytes, none of them empty, and the id of each.
    /// - Returns: the nodes, `nodeWidth` values each.
    public static func build(_ tokens: [(bytes: [UInt8], id: Int32)]) -> [Int32] {
        var builder = Builder(tokens: tokens)
        return builder.build()
    }

    private struct Builder {
        /// The tokens sorted by their bytes, so that the tokens of a subtree are a range.
        let tokens: [(bytes: [UInt8], id: Int32)]
        var nodes: [Node] = []
        /// The slots that belong to no node.
        var free = FreeSlots()

        init(tokens: [(bytes: [UInt8], id: Int32)]) {
            self.tokens = tokens.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }

        /// A node whose children are not placed yet.
        ///
        /// The tokens in `range` share their first `depth` bytes, which lead to the node.
        struct Pending {
            var node: Int
            var range: Range<Int>
            var depth: Int
        }

        /// Places the nodes depth first, with a stack of its own: a token may be longer than a recursion can be deep.
        mutating func build() -> [Int32] {
            grow(to: 1)
            free.remove(Trie.root)
            var stack = [Pending(node: Trie.root, range: tokens.indices, depth: 0)]
            while let next = stack.popLast() { stack += placeChildren(of: next).reversed() }
            return nodes.flatMap { [$0.base, $0.check, $0.token] }
        }

        /// Places the children of a node, and returns them in the order of their bytes.
        mutating func placeChildren(of parent: Pending) -> [Pending] {
            var range = parent.range
            if let first = range.first, tokens[first].bytes.count == parent.depth {
                nodes[parent.node].token = tokens[first].id
                range = range.dropFirst()
            }
            var children: [(byte: UInt8, range: Range<Int>)] = []
            for index in range {
                let byte = tokens[index].bytes[parent.depth]
                if children.last?.byte == byte {
                    children[children.count - 1].range = children[children.count - 1].range.lowerBound..<index + 1
                } else {
                    children.append((byte, index..<index + 1))
                }
            }
            guard !children.isEmpty else { return [] }
            let base = findBase(for: children.map { Int($0.byte) })
            nodes[parent.node].base = Int32(base)
            for child in children {
                nodes[base + Int(child.byte)].check = Int32(parent.node)
                free.remove(base + Int(child.byte))
            }
            return children.map { Pending(node: base + Int($0.byte), range: $0.range, depth: parent.depth + 1) }
        }

        /// Returns the lowest base at which each of `bytes` meets a free slot, among the first `mostAttempts`.
        ///
        /// If there is none among them, the base lies after all other nodes. This happens only with vocabularies that are
        /// made for it, and keeps the time linear.
        mutating func findBase(for bytes: [Int]) -> Int {
            var slot = free.first(from: 1 + bytes[0])
            for _ in 0..<Self.mostAttempts {
                let base = slot - bytes[0]
                grow(to: base + 256)
                if bytes.allSatisfy({ free.contains(base + $0) }) { return base }
                slot = free.next(after: slot)
            }
            let base = nodes.count
            grow(to: base + 256)
            return base
        }

        static let mostAttempts = 4096

        mutating func grow(to count: Int) {
            guard count > nodes.count else { return }
            nodes += [Node](repeating: .free, count: count - nodes.count)
            free.grow(to: count)
        }
    }

    /// The free slots of an array as a list in ascending order, which can be followed without passing the others.
    private struct FreeSlots {
        /// The next free slot after each free slot; the number of slots if there is none.
        private var after: [Int] = []
        /// The free slot before each free slot; -1 if there is none.
        private var before: [Int] = []
        /// The first free slot and the last one.
        private var ends = (first: 0, last: -1)

        /// Marks a slot that is not free.
        private static let used = -2

        func contains(_ slot: Int) -> Bool { before[slot] != Self.used }

        /// The next free slot, which may be the one after the end of the array.
        func next(after slot: Int) -> Int { slot < after.count ? after[slot] : after.count }

        /// The first free slot that is not below `start`.
        func first(from start: Int) -> Int {
            var slot = ends.first
            while slot < start && slot < after.count { slot = after[slot] }
            return max(slot, start)
        }

        mutating func remove(_ slot: Int) {
            let (previous, next) = (before[slot], after[slot])
            if previous >= 0 { after[previous] = next } else { ends.first = next }
            if next < before.count { before[next] = previous } else { ends.last = previous }
            before[slot] = Self.used
        }

        /// Adds free slots at the end.
        mutating func grow(to count: Int) {
            let start = after.count
            // The slot after the last one is now a free slot instead of the end.
            if ends.last < 0 { ends.first = start }
            for slot in start..<count {
                before.append(slot == start ? ends.last : slot - 1)
                after.append(slot + 1)
            }
            if ends.last >= 0 { after[ends.last] = start }
            ends.last = count - 1
        }
    }
}

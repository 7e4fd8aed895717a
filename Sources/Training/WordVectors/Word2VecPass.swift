import CTraining

/// The steps of word2vec over the words of a sentence.
final class Word2VecPass {
    let options: Word2VecOptions
    let tables: VectorTables
    let kernels: training_kernels
    let sampler: NegativeSampler
    /// For each word, the probability that an occurrence is used, multiplied by 2^32.
    let keep: [UInt64]
    /// The table of the logistic function.
    let logistic: [Float]
    private var kept: [Int32] = []
    private var rows: [Int32] = []
    /// What the step adds to the vectors that predict.
    private let change: UnsafeMutablePointer<Float>
    /// The mean of the vectors that predict.
    private let mean: UnsafeMutablePointer<Float>

    init(
        _ options: Word2VecOptions, _ tables: VectorTables, _ kernels: training_kernels, _ sampler: NegativeSampler,
        keep: [UInt64], logistic: [Float]
    ) {
        (self.options, self.tables, self.kernels, self.sampler) = (options, tables, kernels, sampler)
        (self.keep, self.logistic) = (keep, logistic)
        change = .allocate(capacity: tables.stride)
        mean = .allocate(capacity: tables.stride)
    }

    deinit {
        change.deallocate()
        mean.deallocate()
    }

    /// Learns a sentence.
    ///
    /// - Parameters:
    ///   - words: The numbers of its words.
    ///   - rate: The learning rate.
    ///   - random: Decides which occurrences are used, how far a window reaches, and which words are told apart.
    func learn(_ words: ArraySlice<Int32>, rate: Float, _ random: inout SplitMix64) {
        kept.removeAll(keepingCapacity: true)
        for word in words where keep[Int(word)] > random.next() >> 32 { kept.append(word) }
        for position in kept.indices {
            let reach = options.window - random.index(below: options.window)
            let window = max(0, position - reach)..<min(kept.count, position + reach + 1)
            guard window.count > 1 else { continue }
            switch options.architecture {
            case .skipGram:
                for other in window where other != position {
                    let input = tables.input + Int(kept[other]) * tables.stride
                    step(input, kept[position], rate, &random)
                    kernels.add(input, change, tables.stride)
                }
            case .cbow: learnMean(window, position, rate, &random)
            }
        }
    }

    /// Learns to predict a word from the mean of the words around it.
    private func learnMean(_ window: Range<Int>, _ position: Int, _ rate: Float, _ random: inout SplitMix64) {
        let stride = tables.stride
        mean.update(repeating: 0, count: stride)
        for other in window where other != position {
            kernels.add(mean, tables.input + Int(kept[other]) * stride, stride)
        }
        let share = 1 / Float(window.count - 1)
        for index in 0..<stride { mean[index] *= share }
        step(mean, kept[position], rate, &random)
        for other in window where other != position {
            kernels.add(tables.input + Int(kept[other]) * stride, change, stride)
        }
    }

    /// Tells a word apart from random ones, and leaves the change of the vector that predicts it in `change`.
    ///
    /// - Parameters:
    ///   - input: The vector that predicts the word.
    ///   - word: The word.
    ///   - rate: The learning rate.
    ///   - random: Draws the other words.
    private func step(
        _ input: UnsafeMutablePointer<Float>, _ word: Int32, _ rate: Float, _ random: inout SplitMix64
    ) {
        rows.removeAll(keepingCapacity: true)
        rows.append(word)
        for _ in 0..<options.negatives {
            let other = sampler.draw(&random)
            if other != word { rows.append(other) }
        }
        change.update(repeating: 0, count: tables.stride)
        kernels.sample(change, tables.output, input, rows, rows.count, logistic, rate, tables.stride)
    }
}

import ArgumentParser

/// The part of a batch that one task of a job does.
struct Shard {
    let index: Int
    let count: Int

    /// - Parameter count: how many parts there are, if the environment does not tell.
    init(environment: [String: String], count: Int?) throws {
        let names = ["CLOUD_RUN_TASK_INDEX", "JOB_COMPLETION_INDEX"]
        guard let name = names.first(where: { environment[$0] != nil }), let index = Int(environment[name] ?? "") else {
            throw ValidationError(
                "'--shard' finds no number in \(names.joined(separator: " or ")); is this a task of a job?")
        }
        guard let count = count ?? environment["CLOUD_RUN_TASK_COUNT"].flatMap({ Int($0) }) else {
            throw ValidationError("'--shard' finds no number in CLOUD_RUN_TASK_COUNT; give '--shards <count>'.")
        }
        guard count > 0, (0..<count).contains(index) else {
            throw ValidationError("\(name) is \(index), expected one of 0 to \(count - 1).")
        }
        (self.index, self.count) = (index, count)
    }

    /// Parts differ by one in length at most.
    func range(of total: Int) -> Range<Int> { total * index / count..<total * (index + 1) / count }

    var name: String {
        func digits(_ number: Int) -> String {
            String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
        }
        return "part-\(digits(index))-of-\(digits(count))"
    }
}

import ArgumentParser

/// The part of a batch that one task of a job handles.
struct Shard {
    /// The position of the part, from 0.
    let index: Int
    /// The number of parts.
    let count: Int

    /// Reads the part from the environment variables that platforms set.
    ///
    /// - Parameters:
    ///   - environment: The environment variables.
    ///   - count: The number of parts, if the platform does not give it.
    /// - Throws: `ValidationError` if a variable is missing or not valid.
    init(environment: [String: String], count: Int?) throws {
        let names = ["CLOUD_RUN_TASK_INDEX", "JOB_COMPLETION_INDEX"]
        guard let name = names.first(where: { environment[$0] != nil }), let index = Int(environment[name] ?? "") else {
            throw ValidationError(
                "'--shard' needs a number in \(names.joined(separator: " or ")), which a job sets. "
                    + "Run the command as a task of a job, or leave out '--shard'.")
        }
        guard let count = count ?? environment["CLOUD_RUN_TASK_COUNT"].flatMap({ Int($0) }) else {
            throw ValidationError(
                "'--shard' needs the number of tasks in CLOUD_RUN_TASK_COUNT. Give it with '--shards <count>'.")
        }
        guard count > 0, (0..<count).contains(index) else {
            throw ValidationError(
                "The environment variable \(name) is \(index), but with \(count) tasks it must be 0 to \(count - 1).")
        }
        (self.index, self.count) = (index, count)
    }

    /// The part of `total` items.
    ///
    /// The lengths of two parts differ by at most one.
    func range(of total: Int) -> Range<Int> { total * index / count..<total * (index + 1) / count }

    /// The name of the part's file, without an extension.
    var name: String {
        func digits(_ number: Int) -> String {
            String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
        }
        return "part-\(digits(index))-of-\(digits(count))"
    }
}

import Files

extension FeedbackLog {
    /// One step of tidying.
    enum Chore: Equatable {
        /// Delete the file if all of it is older than the retention time, or else look for erasures in it.
        case inspect(String)
        /// Write the file again if it has reports that were erased.
        case rewrite(String)
    }

    /// Plans to delete what is older than the retention time, and to remove the text of erased reports.
    ///
    /// - Throws: `FeedbackError` if the volume cannot be read.
    public func planMaintenance() throws(FeedbackError) {
        do {
            try open()
            let files = try volume.segments().map(\.file)
            chores = files.map(Chore.inspect) + files.map(Chore.rewrite)
        } catch { throw .volume(error) }
    }

    /// Does one step of what was planned, which takes as long as reading and writing one file.
    ///
    /// - Returns: Whether more steps are left.
    /// - Throws: `FeedbackError` if the volume refuses. The other steps are kept.
    public func maintain() throws(FeedbackError) -> Bool {
        guard !chores.isEmpty else { return false }
        do {
            switch chores.removeFirst() {
            case .inspect(let file): try inspect(file)
            case .rewrite(let file): try rewrite(file)
            }
        } catch { throw .volume(error) }
        return !chores.isEmpty
    }

    private func inspect(_ file: String) throws(FileError) {
        guard let name = SegmentName(file) else { return }
        if let days = options.retentionDays, current?.name != name {
            // A file holds the entries of at most one day.
            let end = name.created.milliseconds + FeedbackOptions.longestUse + days * FeedbackOptions.day
            if end < now().milliseconds { return try volume.remove(file) }
        }
        for entry in FeedbackEntry.entries(of: try volume.contents(of: file) ?? []).entries {
            if case .erasure(let id, _) = entry { erased.insert(id) }
        }
    }

    /// Writes a file without the reports that were erased under a new name, and then deletes it.
    ///
    /// Between the two steps, both files exist. Readers count the same report once.
    private func rewrite(_ file: String) throws(FileError) {
        guard !erased.isEmpty, let name = SegmentName(file), let contents = try volume.contents(of: file),
            holdsErased(contents)
        else { return }
        if current?.name == name { leave() }
        let isOwn = name.instance == instance.key
        guard let status = volume.status(of: file),
            isOwn || now().milliseconds - status.changed.milliseconds > FeedbackOptions.abandonedAfter
        else { return }
        // Holding the file keeps its writer away. A volume that cannot append has no writers of old files.
        let held = appends == true ? try volume.reopen(file) : nil
        guard held != nil || appends != true, let contents = try volume.contents(of: file) else { return }
        let rest = FeedbackEntry.entries(of: contents).entries.filter { entry in
            if case .report(let record) = entry { !erased.contains(record.id) } else { true }
        }
        if !rest.isEmpty {
            let new = SegmentName(instance: name.instance, created: name.created)
            let copy = try volume.create(new.file)
            do {
                try copy.append(rest.flatMap(\.line))
                try copy.synchronize()
            } catch {
                try? volume.remove(new.file)
                throw error
            }
        }
        try volume.remove(file)
        _ = held
    }

    private func holdsErased(_ contents: [UInt8]) -> Bool {
        FeedbackEntry.entries(of: contents).entries.contains { entry in
            if case .report(let record) = entry { erased.contains(record.id) } else { false }
        }
    }
}

extension FeedbackEntry {
    /// The entries of a file, and the number of its complete lines that are damaged.
    static func entries(of bytes: [UInt8]) -> (entries: [FeedbackEntry], damaged: Int) {
        let lines = Line.lines(of: bytes).lines
        let entries = lines.compactMap { $0.content.flatMap { FeedbackEntry($0) } }
        return (entries, lines.count - entries.count)
    }
}

import Feedback

/// The parts of the screen, from top to bottom.
enum ReviewParts {
    /// The title, the progress, and a line below them.
    static func top(_ session: Session, _ width: Int) -> [Line] {
        let title =
            " Validation of reports · \(VisibleText.of(session.annotator))\(session.settles ? " settles" : "")"
        let share = session.items.isEmpty ? 1 : Double(session.done) / Double(session.items.count)
        let count = "\(session.done) of \(session.items.count) done · \(Int(share * 100)) % "
        let room = max(0, width - CellWidth.of(title) - CellWidth.of(count) - 4)
        let bar = min(room, 30)
        let full = Int(share * Double(bar))
        let gap = String(repeating: " ", count: room - bar + 2)
        return [
            [
                Span(title, .bold), Span(gap), Span(String(repeating: "━", count: full), .accent),
                Span(String(repeating: "─", count: bar - full), .faint), Span("  " + count),
            ],
            Line(String(repeating: "─", count: width), .faint),
        ]
    }

    /// The text of the report, as far as it fits, and the last line with which it can begin.
    static func text(_ session: Session, _ width: Int, rows: Int) -> (lines: [Line], lastScroll: Int) {
        guard let item = session.item, let position = session.position else {
            return ([[], Line("  There is no report to decide.")], 0)
        }
        var title: [Span] = [Span("  Report \(position + 1) of \(session.items.count)", .bold)]
        if item.isDisagreement { title.append(Span("  the user and the model disagree", .bad)) }
        switch session.judgement(position).verdict {
        case .label(let label): title.append(Span("  decided: \(VisibleText.of(label))", .good))
        case .skipped: title.append(Span("  skipped", .faint))
        case .rejected: title.append(Span("  rejected", .bad))
        case .open: break
        }
        let all = Line.wrap(VisibleText.of(item.text, keepsLines: true), max(2, width))
        let shown = max(1, rows - 2)
        let last = max(0, all.count - shown)
        let start = min(session.scroll, last)
        var lines: [Line] = all[start...].prefix(shown).map { Line("  " + $0) }
        if all.count > shown {
            title.append(
                Span("  lines \(start + 1) to \(min(all.count, start + shown)) of \(all.count)", .accent))
        }
        if item.text.isEmpty { lines = [Line("  (empty)", .faint)] }
        return ([Line(title), []] + lines, last)
    }

    /// What is known about the report.
    static func facts(_ session: Session, _ width: Int) -> [Line] {
        guard let item = session.item, let position = session.position else { return [] }
        let report = item.report
        var lines: [Line] = []
        func add(_ name: String, _ spans: [Span]) {
            lines.append(Line([Span("  " + pad(name, 10), .faint)] + spans).cut(to: width))
        }
        let user =
            report.expected.map { [Span(VisibleText.of($0), .bold)] }
            ?? [Span(report.isCorrect == false ? "says that it is wrong" : "has named no label", .faint)]
        let comment = report.comment.map { [Span("  “\(VisibleText.of($0))”")] } ?? []
        add("User", user + comment)
        let model = report.model.isEmpty ? "" : " by \(VisibleText.of(report.model))"
        add(
            "Answer",
            [
                Span(VisibleText.of(report.predicted), .bold),
                Span("  \(decimals(report.score))\(model), \(day(report))", .faint),
            ])
        if let opinion = item.opinion {
            let own =
                opinion.scores.first { $0.label == opinion.label }.map { "  \(decimals($0.score))" } ?? ""
            let others = opinion.scores.filter { $0.label != opinion.label }.prefix(3).map {
                " · \(VisibleText.of($0.label)) \(decimals($0.score))"
            }
            add(
                "Model now",
                [Span(VisibleText.of(opinion.label), .bold), Span(own + others.joined(), .faint)])
        }
        if session.settles, case .disputed(let judgements) = session.ledger.outcome(of: report.id) {
            for (name, judgement) in judgements.sorted(by: { $0.key < $1.key }) {
                let label = judgement.verdict.label ?? "rejected"
                let note = judgement.note.isEmpty ? "" : "  “\(VisibleText.of(judgement.note))”"
                add(VisibleText.of(name), [Span(VisibleText.of(label), .bold), Span(note)])
            }
        }
        let note = session.judgement(position).note
        if !note.isEmpty { add("Note", [Span(VisibleText.of(note), .accent)]) }
        return lines
    }

    /// The reasons of the model, and similar reports.
    static func evidence(
        _ session: Session, _ evidence: ReviewScreen.Evidence, _ width: Int, rows: Int
    ) -> [Line] {
        guard session.item != nil, rows > 0 else { return [] }
        var lines: [Line] = []
        if !evidence.reasons.isEmpty {
            lines.append(Line("  Why the model says so", .bold))
            lines += reasons(evidence.reasons, width, areTall: rows > 20 && rows < .max)
        }
        if !evidence.similar.isEmpty, lines.count + 2 <= rows {
            if rows > 12, !lines.isEmpty { lines.append([]) }
            lines.append(Line("  Similar reports", .bold))
            for similar in evidence.similar.prefix(rows - lines.count) {
                let state =
                    switch similar.verdict {
                    case .label(let label): VisibleText.of(label)
                    case .skipped: "skipped"
                    case .rejected: "rejected"
                    case .open: "open"
                    }
                lines.append(
                    Line([
                        Span("   \(Int(similar.similarity * 100)) % ", .faint),
                        Span(pad(state, 9) + " ", similar.verdict.isDecision ? .good : .faint),
                        Span(VisibleText.of(similar.text)),
                    ]).cut(to: width))
            }
        }
        return Array(lines.prefix(rows))
    }

    /// The reasons side by side in one line, or below each other with bars where there is room.
    private static func reasons(_ reasons: [Opinion.Reason], _ width: Int, areTall: Bool) -> [Line] {
        let spans = reasons.prefix(12).map { reason in
            let isAgainst = reason.contribution < 0
            let number = (isAgainst ? "−" : "+") + decimals(abs(reason.contribution))
            return (
                text: VisibleText.of(reason.text), number: number, style: isAgainst ? Span.Style.bad : .good
            )
        }
        guard areTall else {
            let line = flow(spans.map { [Span(" \($0.text) \($0.number) ", $0.style)] }, width - 2)
                .prefix(1)
            return line.map { Line([Span("  ")] + $0.spans) }
        }
        let largest = reasons.map { abs($0.contribution) }.max() ?? 1
        return zip(reasons, spans).map { reason, span in
            let bar = String(
                repeating: "━", count: Int((10 * abs(reason.contribution) / max(largest, 1e-9)).rounded()))
            return Line([
                Span("   "), Span(pad(bar, 10), span.style), Span(" \(span.number) ", .faint),
                Span(span.text),
            ])
            .cut(to: width)
        }
    }

    /// The message, what is typed, and all keys that work.
    static func bottom(_ session: Session, _ width: Int) -> ([Line], cursor: (row: Int, column: Int)?) {
        let hints = session.commands.map {
            Line([Span(" \($0.name)", .accent), Span(" \(VisibleText.of($0.meaning)) ")])
        }
        let keys = flow(hints.map(\.spans), width)
        let rule = Line(String(repeating: "─", count: width), .faint)
        let typed: (name: String, text: String)? =
            switch session.mode {
            case .deciding: nil
            case .note(let text): ("Note", text)
            case .search(let text): ("Search", text)
            }
        guard let typed else {
            return ([Line("  " + VisibleText.of(session.message), .accent), rule] + keys, nil)
        }
        // The end of a long text is shown, because that is where it grows.
        var text = Substring(VisibleText.of(typed.text))
        let room = width - CellWidth.of(typed.name) - 6
        while CellWidth.of(text) > room { text.removeFirst() }
        let start = "  \(typed.name): "
        return (
            [[Span(start, .bold), Span(String(text))], rule] + keys,
            (0, CellWidth.of(start) + CellWidth.of(text))
        )
    }

    /// Puts pieces side by side, in as many lines as they need.
    private static func flow(_ pieces: [[Span]], _ width: Int) -> [Line] {
        var lines: [Line] = []
        var cells = width
        for piece in pieces {
            let size = CellWidth.of(Line(piece).text)
            if cells + size > width {
                lines.append([])
                cells = 0
            }
            lines[lines.count - 1].spans += piece
            cells += size
        }
        return lines
    }
}

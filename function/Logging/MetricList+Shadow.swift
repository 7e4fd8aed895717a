import Telemetry

extension MetricList {
    /// How the answers of the shadow model differ from those that clients got.
    mutating func shadow(_ model: ShadowModel) {
        let (counts, labels) = (model.counts, model.labels)
        var pairs: [Metric.Sample] = []
        for (answered, row) in counts.disagreed.enumerated() {
            for (other, count) in row.enumerated() where count > 0 {
                pairs.append(.init([("label", labels[answered]), ("shadow", labels[other])], Double(count)))
            }
        }
        let disagreed = pairs.reduce(0) { $0 + $1.value }
        metric(
            "pinson_shadow_info", .info, "The model that is compared with the one that answers.",
            [.init([("model", model.name)], 1)])
        metric(
            "pinson_shadow_texts_total", .counter,
            "Texts that the shadow model has classified, or dropped because it was too busy.",
            [
                .init([("result", "agreed")], Double(counts.agreed)), .init([("result", "disagreed")], disagreed),
                .init([("result", "dropped")], Double(counts.dropped)),
            ])
        metric(
            "pinson_shadow_disagreements_total", .counter,
            "Texts with different labels, by the label that was answered and that of the shadow model.", pairs)
        metric(
            "pinson_shadow_score_difference", .histogram(counts.differences),
            "Differences of the scores of the label that was answered.", [])
        metric(
            "pinson_shadow_seconds", .histogram(counts.seconds), "Seconds that the shadow model took for a text.", [])
    }
}

import Feedback

/// The order in which reports are shown, so that the first decisions teach a model the most.
///
/// - Source: Scheffer, Decomain and Wrobel 2001, doi:10.1007/3-540-44816-0_31, for the margin.
public enum ReviewOrder {
    /// Sorts items: those about which the user and the model disagree come first, and among them those of which the model
    /// is least sure.
    ///
    /// - Parameter items: The items.
    /// - Returns: The same items. Those that are equal in this are in the order of their times.
    public static func sorted(_ items: [ReviewItem]) -> [ReviewItem] {
        items.sorted { a, b in
            if a.isDisagreement != b.isDisagreement { return a.isDisagreement }
            return (a.margin, a.report.time, a.report.id) < (b.margin, b.report.time, b.report.id)
        }
    }
}

extension Int {
    /// Rounds up to a multiple.
    ///
    /// - Parameter multiple: A number above zero.
    /// - Returns: The smallest multiple that is not less than this number.
    public func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}

/// Rounds `count` up to a multiple of the file's alignment.
func aligned(_ count: Int) -> Int { count.roundedUp(to: ModelFile.alignment) }

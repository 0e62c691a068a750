package import Primitives

/// What one epoch of the subnet paid to whom.
package struct EpochSummary: Sendable, Hashable {
  /// One neuron's part.
  package struct Row: Sendable, Hashable {
    package let uid: UID
    package let hotkey: Hotkey
    /// Share of 65535.
    package let incentive: UInt16
    /// Share of 65535.
    package let dividends: UInt16
    /// Alpha rao paid for mining.
    package let minerEmission: UInt64
    /// Alpha rao paid on the validator's stake, to it and its stakers.
    package let dividendEmission: UInt64

    /// Alpha rao paid in all.
    package var emission: UInt64 { minerEmission + dividendEmission }

    package init(
      uid: UID, hotkey: Hotkey, incentive: UInt16, dividends: UInt16, minerEmission: UInt64, dividendEmission: UInt64
    ) {
      self.uid = uid
      self.hotkey = hotkey
      self.incentive = incentive
      self.dividends = dividends
      self.minerEmission = minerEmission
      self.dividendEmission = dividendEmission
    }
  }

  /// The chain's own count of the subnet's epochs.
  package let index: UInt64
  package let block: BlockNumber
  /// By uid.
  package let rows: [Row]

  package init(index: UInt64, block: BlockNumber, rows: [Row]) {
    self.index = index
    self.block = block
    self.rows = rows
  }

  /// Whether it paid miners by what validators said of them.
  package var isSettled: Bool { rows.contains { $0.incentive > 0 && $0.minerEmission > 0 } }
}

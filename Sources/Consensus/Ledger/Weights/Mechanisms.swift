package import Primitives

/// The incentive mechanisms of one subnet, and how an epoch's emission is divided among them.
///
/// Source: registry 9; vectors `registry/mechanisms`.
package struct Mechanisms: Hashable, Sendable {
  /// Slots times mechanisms may not pass this.
  package static let uidProductLimit = 256
  /// No chain may allow more mechanisms than this on a subnet.
  package static let countLimit: UInt8 = 16
  /// The largest netuid that leaves room for every mechanism in a storage index.
  package static let netuidLimit: UInt16 = 4095
  /// What the parts of a split add up to.
  package static let splitTotal: UInt64 = 65535

  package let count: UInt8
  /// Parts of 65535 by mechanism, missing ones 0; empty is even.
  package let split: [UInt16]

  package init(count: UInt8, split: [UInt16] = []) {
    self.count = count
    self.split = split
  }

  /// Every mechanism's part of `emission`, floored; what is left over goes to the first.
  package func parts(of emission: UInt64) -> [UInt64] {
    guard count > 0 else { return [] }
    var parts = (0..<Int(count)).map { index in
      guard !split.isEmpty else { return emission / UInt64(count) }
      let share = index < split.count ? UInt128(split[index]) : 0
      return UInt64(UInt128(emission) * share / UInt128(Mechanisms.splitTotal))
    }
    parts[0] += emission - parts.reduce(0, +)
    return parts
  }

  /// Whether `split` may be stored for `count` mechanisms: one part or more, not more than mechanisms, 65535 in all.
  package static func checkSplit(_ split: [UInt16], count: UInt8) throws(LedgerError) {
    let total = split.reduce(UInt64(0)) { $0 + UInt64($1) }
    guard !split.isEmpty, split.count <= count, total == splitTotal else {
      throw .invalidValue.with("parts", split.count).with("sum", total)
    }
  }

  /// Whether that many slots fit with that many mechanisms.
  package static func checkUIDProduct(maxAllowedUIDs: UInt64, count: UInt64) throws(LedgerError) {
    let (product, overflow) = maxAllowedUIDs.multipliedReportingOverflow(by: count)
    guard !overflow, product <= uidProductLimit else {
      throw .tooManyUIDsPerMechanism.with("max_allowed_uids", maxAllowedUIDs).with("mechanism_count", count)
    }
  }

  /// The number under which a mechanism's rows are stored; nil outside both limits.
  package static func storageIndex(netuid: NetUID, mechid: MechID) -> UInt16? {
    guard netuid.value <= netuidLimit, mechid.value < countLimit else { return nil }
    return UInt16(mechid.value) * (netuidLimit + 1) + netuid.value
  }
}

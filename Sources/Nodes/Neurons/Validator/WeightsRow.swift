import Ledger
package import Primitives
package import SubnetKit

/// A row of weights in the form that the chain takes.
package struct WeightsRow: Hashable, Sendable {
  package private(set) var uids: [UInt16] = []
  package private(set) var values: [UInt16] = []

  package init() {}

  /// Fits weights to what a subnet demands of a row.
  ///
  /// Zeros are added for the lowest other uids until there are as many entries as the subnet wants at least; a weight
  /// whose share of the row exceeds the subnet's limit is lowered to it.
  ///
  /// - Parameters:
  ///   - weights: One a uid; empty gives nil, since there is nothing to say.
  ///   - own: Padded with last: a row of nothing but the sender is a self weight.
  /// - Source: registry 8, steps 13 and 14.
  package init?(_ weights: [MinerWeight], own: UID, in metagraph: MetagraphView) {
    guard weights.contains(where: { $0.weight > 0 }) else { return nil }
    let values = cappedShares(weights.map(\.weight), limit: metagraph.maxWeightsLimit)
    for (weight, value) in zip(weights, values) { append(weight.uid, value) }
    let wanted = min(metagraph.neurons.count, Int(metagraph.minAllowedWeights))
    let present = Set(uids)
    let others = metagraph.neurons.map(\.uid).filter { $0 != own } + [own]
    for uid in others where uids.count < wanted && !present.contains(uid.value) { append(uid, 0) }
  }

  /// What the subnet's rules changed about the weights that this row was made of.
  package func fallbacks(from weights: [MinerWeight], in metagraph: MetagraphView) -> [WeightFallback] {
    var fallbacks: [WeightFallback] = []
    if !values.starts(with: weights.map(\.weight)) {
      let percent = (Double(metagraph.maxWeightsLimit) / Double(UInt16.max) * 1000).rounded() / 10
      fallbacks.append(
        WeightFallback(.limited, "The subnet allows one miner \(percent) % of a row; larger shares are lowered."))
    }
    if uids.count > weights.count {
      fallbacks.append(
        WeightFallback(
          .padded,
          "The subnet wants \(metagraph.minAllowedWeights) entries in a row; \(uids.count - weights.count) are zeros."))
    }
    return fallbacks
  }

  mutating func append(_ uid: UID, _ value: UInt16) {
    uids.append(uid.value)
    values.append(value)
  }
}

/// Lowers the largest weights until none has more than `limit` of 65535 of the row's sum.
///
/// Each turn caps one weight more, to what the limit leaves it beside the uncapped ones. A limit that so few weights
/// cannot keep gives equal weights; the chain then says what it wants.
///
/// - Returns: The largest is 65535, as the chain scales rows itself.
private func cappedShares(_ values: [UInt16], limit: UInt16) -> [UInt16] {
  let descending = values.sorted(by: >)
  let share = Double(limit) / Double(UInt16.max)
  for cappedCount in 0..<descending.count {
    let rest = descending[cappedCount...].reduce(0.0) { $0 + Double($1) }
    let room = 1 - share * Double(cappedCount)
    guard room > 0 else { break }
    let cap = cappedCount == 0 ? Double(UInt16.max) : share * rest / room
    let row = scaled(values.map { min(Double($0), cap) })
    if isMaxShareWithin(limit, row: row) { return row }
  }
  return values.map { $0 == 0 ? 0 : UInt16.max }
}

/// The same ratios with the largest at 65535, rounded to nearest (registry 8, client side).
private func scaled(_ values: [Double]) -> [UInt16] {
  guard let largest = values.max(), largest > 0 else { return values.map { _ in 0 } }
  return values.map { UInt16($0 / largest * Double(UInt16.max) + 0.5) }
}

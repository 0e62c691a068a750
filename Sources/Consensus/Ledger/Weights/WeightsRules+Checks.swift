package import Primitives
import Yuma

extension WeightsRules {
  /// How the weights arrive; a reveal skips the switch and the rate limit, its commit has met them.
  package enum Arrival: Hashable, Sendable {
    case plain
    case revealed
  }

  /// Makes the checks of the table, in its order, and returns the row to store.
  ///
  /// - Returns: One entry per pair sent, upscaled, in the order sent.
  /// - Throws: The first check that fails.
  /// - Complexity: O(n) in the pairs sent, at most the slots of the subnet.
  /// - Source: registry 8; vectors `registry/set_weights_checks`.
  package func row(of sent: SubmittedWeights, arriving arrival: Arrival) throws(LedgerError) -> [WeightEntry] {
    try checkShape(sent, arrival)
    let sender = try checkSender(sent, arrival)
    let isSelfWeight = sent.isSelfWeight(of: sender)
    try checkEntries(sent, isSelfWeight)
    let weights = WeightUpscaling.largestBecomesFull(sent.values)
    if !isSelfWeight, maxWeightsLimit != .max, !isMaxShareWithin(maxWeightsLimit, row: weights) {
      throw .maxWeightExceeded.with("max_weights_limit", maxWeightsLimit)
    }
    return zip(sent.uids, weights).map { WeightEntry(uid: UID($0), weight: $1) }
  }

  // Steps 1 to 5.
  private func checkShape(_ sent: SubmittedWeights, _ arrival: Arrival) throws(LedgerError) {
    if arrival == .plain, commitRevealEnabled, netuid != .root { throw .commitRevealEnabled.with("netuid", netuid) }
    guard netuid != .root else { throw .canNotSetRootNetworkWeights }
    guard sent.uids.count == sent.values.count else {
      throw .weightVecNotEqualSize.with("uids", sent.uids.count).with("values", sent.values.count)
    }
    try checkMechanism(sent.mechid)
    guard sent.uids.count <= uidCount else {
      throw .uidsLengthExceedUidsInSubNet.with("uids", sent.uids.count).with("n", uidCount)
    }
  }

  // Steps 6 to 10.
  private func checkSender(_ sent: SubmittedWeights, _ arrival: Arrival) throws(LedgerError) -> UID {
    let sender = try checkRegistered()
    try checkStake()
    guard weightsVersion == 0 || sent.versionKey >= weightsVersion else {
      throw .incorrectWeightVersionKey.with("version_key", sent.versionKey).with("weights_version", weightsVersion)
    }
    if arrival == .plain { try checkRate(else: .settingWeightsTooFast) }
    guard sent.isSelfWeight(of: sender) || isOwner || senderHasPermit else {
      throw .neuronNoValidatorPermit.with("uid", sender).retrying(at: nextEpochBlock, now: block)
    }
    return sender
  }

  // Steps 11 to 13.
  private func checkEntries(_ sent: SubmittedWeights, _ isSelfWeight: Bool) throws(LedgerError) {
    // Only asked for membership: its order decides nothing.
    var seen = Set<UInt16>(minimumCapacity: sent.uids.count)
    for uid in sent.uids where !seen.insert(uid).inserted { throw .duplicateUids.with("uid", uid) }
    for uid in sent.uids where Int(uid) >= uidCount {
      throw .uidVecContainInvalidOne.with("uid", uid).with("n", uidCount)
    }
    let least = min(uidCount, minAllowedWeights)
    guard isSelfWeight || sent.uids.count >= least else {
      throw .weightVecLengthIsLow.with("uids", sent.uids.count).with("min_allowed_weights", least)
    }
  }
}

/// The row of a reveal as it is stored: entries on uids registered at or after the commit's block are 0.
///
/// The next commit raises the last update, so the mask of consensus would no longer hide them.
///
/// - Parameter registeredAt: By uid. Shape: `[n]`.
/// - Source: registry 8.1.
package func concealingNewcomers(
  _ row: [WeightEntry], registeredAt: [BlockNumber], committedAt commit: BlockNumber
) -> [WeightEntry] {
  row.map { entry in
    let isNewcomer = registeredAt.indices.contains(entry.uid.index) && registeredAt[entry.uid.index] >= commit
    return isNewcomer ? WeightEntry(uid: entry.uid, weight: 0) : entry
  }
}

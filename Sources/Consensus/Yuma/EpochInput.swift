package import Primitives

/// Everything one epoch of one subnet depends on.
///
/// Per-uid arrays are in uid order and have one entry per uid; the number of uids is `alphaStake.count`. `lastUpdate` and
/// `validatorPermit` may be shorter: the rest reads as block 0 and as no permit. Rows past the last uid are ignored.
///
/// - Source: yuma 3; the names are those of the vectors.
package struct EpochInput: Hashable, Sendable {
  /// The current block.
  package var block: BlockNumber
  /// The block of the previous successful epoch, 0 if there was none.
  package var lastStepBlock: BlockNumber
  /// The amount to divide.
  package var emission: Rao
  /// Stake in the subnet's own currency, with delegation folded in.
  package var alphaStake: [Rao]
  /// Root stake, with delegation folded in.
  package var taoStake: [Rao]
  /// The block of the latest weight setting, or of the registration.
  package var lastUpdate: [BlockNumber]
  /// The block when the uid's present holder registered.
  package var blockAtRegistration: [BlockNumber]
  /// The permits the previous epoch granted.
  package var validatorPermit: [Bool]
  /// Stored weights: what row `i` gives each column.
  package var weights: SparseRows
  /// Stored bonds of the previous epoch.
  package var bonds: SparseRows
  /// The number of the epoch now running; only pending commits ask for it.
  package var epochIndex: UInt64
  /// Commits whose weights are not yet revealed.
  package var commits: PendingCommits
  package var parameters: EpochParameters

  package init(
    block: BlockNumber, lastStepBlock: BlockNumber, emission: Rao, alphaStake: [Rao], taoStake: [Rao],
    lastUpdate: [BlockNumber], blockAtRegistration: [BlockNumber], validatorPermit: [Bool], weights: SparseRows,
    bonds: SparseRows, epochIndex: UInt64 = 0, commits: PendingCommits = PendingCommits(),
    parameters: EpochParameters = EpochParameters()
  ) {
    self.block = block
    self.lastStepBlock = lastStepBlock
    self.emission = emission
    self.alphaStake = alphaStake
    self.taoStake = taoStake
    self.lastUpdate = lastUpdate
    self.blockAtRegistration = blockAtRegistration
    self.validatorPermit = validatorPermit
    self.weights = weights
    self.bonds = bonds
    self.epochIndex = epochIndex
    self.commits = commits
    self.parameters = parameters
  }

  /// The number of uids.
  package var uidCount: Int { alphaStake.count }

  /// The most uids an epoch takes: up to here no sum of weights, bonds or shares can wrap.
  ///
  /// - Source: yuma 14.
  package static let uidLimit = 32768

  /// The door: past it, every index is in range.
  func validate() throws(EpochError) {
    guard uidCount <= EpochInput.uidLimit else { throw .tooManyUIDs(uidCount, limit: EpochInput.uidLimit) }
    guard taoStake.count == uidCount else { throw .length(.taoStake, found: taoStake.count, uids: uidCount) }
    guard blockAtRegistration.count == uidCount else {
      throw .length(.blockAtRegistration, found: blockAtRegistration.count, uids: uidCount)
    }
    guard lastUpdate.count <= uidCount else { throw .length(.lastUpdate, found: lastUpdate.count, uids: uidCount) }
    guard validatorPermit.count <= uidCount else {
      throw .length(.validatorPermit, found: validatorPermit.count, uids: uidCount)
    }
    if let owner = parameters.ownerUID, owner.index >= uidCount { throw .ownerOutOfRange(owner, uids: uidCount) }
  }
}

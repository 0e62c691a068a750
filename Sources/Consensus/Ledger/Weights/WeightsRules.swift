package import Primitives

/// Weights as a validator sends them, plainly or by revealing a commit.
package struct SubmittedWeights: Hashable, Sendable {
  package let mechid: MechID
  package let uids: [UInt16]
  package let values: [UInt16]
  package let versionKey: UInt64

  package init(mechid: MechID, uids: [UInt16], values: [UInt16], versionKey: UInt64) {
    self.mechid = mechid
    self.uids = uids
    self.values = values
    self.versionKey = versionKey
  }

  /// Whether this is exactly one pair, on the sender's own slot.
  func isSelfWeight(of sender: UID) -> Bool { uids.count == 1 && uids[0] == sender.value }
}

/// What the checks on weights look at: the subnet, and the neuron that sends them.
///
/// For a missing subnet `mechanismCount` is 0, the flags are off and the rest is not looked at.
package struct WeightsRules: Sendable {
  package var netuid: NetUID
  package var block: BlockNumber
  /// 0 when the subnet does not exist, and on root.
  package var mechanismCount: UInt8
  package var commitRevealEnabled: Bool
  /// Slots in use.
  package var uidCount: Int
  package var weightsVersion: UInt64
  package var weightsRateLimit: UInt64
  package var minAllowedWeights: Int
  package var maxWeightsLimit: UInt16
  package var stakeThreshold: UInt64
  /// The sender's slot; nil when not registered.
  package var senderUID: UID?
  /// The slot of the subnet's owner hotkey; nil when not registered.
  package var ownerUID: UID?
  /// The sender's stake weight at this moment (economy 13), in rao.
  package var senderStake: UInt64
  package var senderHasPermit: Bool
  /// The sender's last update on this mechanism; 0 is never.
  package var lastUpdate: BlockNumber
  /// When permits are dealt out again, for the refusal to say; nil when that is not known.
  package var nextEpochBlock: BlockNumber?

  package init(
    netuid: NetUID, block: BlockNumber, mechanismCount: UInt8 = 0, commitRevealEnabled: Bool = false, uidCount: Int = 0,
    weightsVersion: UInt64 = 0, weightsRateLimit: UInt64 = 0, minAllowedWeights: Int = 0,
    maxWeightsLimit: UInt16 = .max, stakeThreshold: UInt64 = 0, senderUID: UID? = nil, ownerUID: UID? = nil,
    senderStake: UInt64 = 0, senderHasPermit: Bool = false, lastUpdate: BlockNumber = .genesis,
    nextEpochBlock: BlockNumber? = nil
  ) {
    self.netuid = netuid
    self.block = block
    self.mechanismCount = mechanismCount
    self.commitRevealEnabled = commitRevealEnabled
    self.uidCount = uidCount
    self.weightsVersion = weightsVersion
    self.weightsRateLimit = weightsRateLimit
    self.minAllowedWeights = minAllowedWeights
    self.maxWeightsLimit = maxWeightsLimit
    self.stakeThreshold = stakeThreshold
    self.senderUID = senderUID
    self.ownerUID = ownerUID
    self.senderStake = senderStake
    self.senderHasPermit = senderHasPermit
    self.lastUpdate = lastUpdate
    self.nextEpochBlock = nextEpochBlock
  }
}

// The steps that several calls and the pool of waiting transactions share.
extension WeightsRules {
  /// Step 4: the subnet exists and has this mechanism.
  package func checkMechanism(_ mechid: MechID) throws(LedgerError) {
    guard mechid.value < mechanismCount else {
      throw .mechanismDoesNotExist.with("netuid", netuid).with("mechid", mechid.value)
    }
  }

  /// Step 6: the sender holds a slot, which is returned.
  @discardableResult
  package func checkRegistered() throws(LedgerError) -> UID {
    guard let senderUID else { throw .hotKeyNotRegisteredInSubNet.with("netuid", netuid) }
    return senderUID
  }

  /// Step 7: the owner hotkey, or stake weight at or above the threshold.
  package func checkStake() throws(LedgerError) {
    guard isOwner || senderStake >= stakeThreshold else {
      throw .notEnoughStakeToSetWeights.with("stake", senderStake).with("stake_threshold", stakeThreshold)
    }
  }

  /// Step 9: `weights_rate_limit` blocks since the last update, or never updated.
  package func checkRate(else code: LedgerErrorCode) throws(LedgerError) {
    try RateLimit.inclusive.check(limit: weightsRateLimit, last: lastUpdate, now: block, else: code)
  }

  var isOwner: Bool { senderUID != nil && senderUID == ownerUID }
}

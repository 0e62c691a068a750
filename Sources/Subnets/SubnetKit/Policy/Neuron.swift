public import Primitives

/// One registered hotkey of the subnet, as a policy sees it.
public struct Neuron: Hashable, Sendable {
  public let uid: UID
  public let hotkey: Hotkey
  /// The stake weight, which decides about permits: alpha and weighted TAO.
  public let stake: Rao
  /// Whether it may set weights.
  public let validatorPermit: Bool

  public init(uid: UID, hotkey: Hotkey, stake: Rao, validatorPermit: Bool) {
    self.uid = uid
    self.hotkey = hotkey
    self.stake = stake
    self.validatorPermit = validatorPermit
  }
}

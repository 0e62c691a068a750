public import Primitives

/// Whom a miner answers.
///
/// Only registered hotkeys get so far. Of those everybody is answered unless told otherwise; each rule is an addition.
public struct Admission: Sendable {
  /// Hotkeys that are never answered.
  public var denied: Set<Hotkey>
  /// Whether only holders of a validator permit are answered.
  public var permitRequired: Bool
  /// The stake weight that a caller must have.
  public var minimumStake: Rao
  /// The author's own rule: a sentence for the caller when it is refused, nil when it may ask.
  public var rule: (@Sendable (Neuron) -> String?)?

  public init(
    denied: Set<Hotkey> = [], permitRequired: Bool = false, minimumStake: Rao = .zero,
    rule: (@Sendable (Neuron) -> String?)? = nil
  ) {
    self.denied = denied
    self.permitRequired = permitRequired
    self.minimumStake = minimumStake
    self.rule = rule
  }

  /// Why a caller is not answered; nil when it is.
  public func refusal(of caller: Neuron) -> Refusal? {
    if denied.contains(caller.hotkey) { return Refusal(.denied, "This hotkey is on the miner's deny list.") }
    if permitRequired, !caller.validatorPermit {
      return Refusal(.permitRequired, "Only holders of a validator permit are answered.")
    }
    if caller.stake < minimumStake {
      return Refusal(
        .stakeTooSmall,
        "Only callers with a stake weight of \(minimumStake) are answered; this one has \(caller.stake).")
    }
    return rule?(caller).map { Refusal(.ownRule, $0) }
  }

  /// Both this and another admission: what either refuses is refused.
  public func and(_ other: Admission) -> Admission {
    var both: (@Sendable (Neuron) -> String?)?
    switch (rule, other.rule) {
    case (let rule?, let otherRule?): both = { caller in rule(caller) ?? otherRule(caller) }
    case (let only?, nil), (nil, let only?): both = only
    case (nil, nil): both = nil
    }
    return Admission(
      denied: denied.union(other.denied), permitRequired: permitRequired || other.permitRequired,
      minimumStake: max(minimumStake, other.minimumStake), rule: both)
  }

  /// Why a caller is not answered.
  public struct Refusal: Hashable, Sendable {
    public let code: Code
    /// A sentence for the caller's operator.
    public let message: String

    init(_ code: Code, _ message: String) {
      self.code = code
      self.message = message
    }

    /// Which rule refuses; an open set.
    public struct Code: Hashable, Sendable {
      public let name: String

      public static let denied = Code(name: "denied")
      public static let permitRequired = Code(name: "permit_required")
      public static let stakeTooSmall = Code(name: "stake_too_small")
      public static let ownRule = Code(name: "own_rule")
    }
  }
}

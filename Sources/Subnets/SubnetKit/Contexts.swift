public import Primitives

/// Which side of a subnet a process works on.
public enum MechanismRole: String, Hashable, Sendable, CaseIterable {
  /// Answers requests.
  case miner
  /// Sets tasks and scores answers.
  case validator
}

/// When and where a task is set.
public struct Round: Hashable, Sendable {
  /// Counts the validator's rounds from 0, across restarts.
  public var number: UInt64
  /// The newest block that the validator knew.
  public var block: BlockNumber
  public var netuid: NetUID
  /// What the subnet's alpha cost at that block.
  public var pool: AlphaPool

  public init(number: UInt64, block: BlockNumber, netuid: NetUID, pool: AlphaPool = .empty) {
    self.number = number
    self.block = block
    self.netuid = netuid
    self.pool = pool
  }
}

/// Who asks which miner, and how long the answer may take.
public struct ForwardContext: Hashable, Sendable {
  /// The hotkey that signs the answer: the miner's own. A task that depends on it cannot be done once for two miners.
  public var miner: Hotkey
  /// The verified sender of the request.
  public var caller: Hotkey
  /// The caller's slot, when it has one on this subnet.
  public var uid: UID?
  /// The newest block that the miner knew.
  public var block: BlockNumber
  /// What is left of the caller's deadline; a later answer is worth nothing.
  public var timeRemaining: Duration

  /// - Parameter miner: All zeros where it makes no difference, as in most tests.
  public init(
    caller: Hotkey, uid: UID?, block: BlockNumber, timeRemaining: Duration, miner: Hotkey = Hotkey(.zero)
  ) {
    self.miner = miner
    self.caller = caller
    self.uid = uid
    self.block = block
    self.timeRemaining = timeRemaining
  }
}

/// When answers are scored, and how long they could take.
public struct ScoreContext: Hashable, Sendable {
  /// The round that the answers were given in.
  public var round: Round
  /// The newest block that the validator knows now; later than the round's when the truth came later.
  public var block: BlockNumber
  /// What the subnet's alpha costs at `block`: the truth of a forecast.
  public var pool: AlphaPool
  /// The longest latency that the round accepted.
  public var deadline: Duration

  public init(round: Round, block: BlockNumber, deadline: Duration, pool: AlphaPool = .empty) {
    self.round = round
    self.block = block
    self.pool = pool
    self.deadline = deadline
  }

  /// A latency as a share of the deadline, in 0...1; 0 when there is no deadline.
  public func share(of latency: Duration) -> Double {
    guard deadline > .zero else { return 0 }
    return min(1, max(0, latency / deadline))
  }
}

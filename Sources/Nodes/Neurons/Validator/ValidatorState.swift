package import Primitives
package import SubnetKit

/// Everything that a validator must not forget, one value that is saved as a whole.
package struct ValidatorState: Hashable, Sendable {
  /// Whose memory this is; it is of no use to anybody else.
  package struct Owner: Hashable, Sendable {
    package let chainID: Hash256
    package let netuid: NetUID
    package let mechid: MechID
    package let hotkey: Hotkey

    package init(chainID: Hash256, netuid: NetUID, mechid: MechID, hotkey: Hotkey) {
      self.chainID = chainID
      self.netuid = netuid
      self.mechid = mechid
      self.hotkey = hotkey
    }
  }

  package let owner: Owner
  package var book: ScoreBook
  /// The number of the next round.
  package var nextRound: UInt64 = 0
  /// The block of the weights or the commit sent last; nil before the first.
  package var lastWeightsBlock: BlockNumber?
  /// What became of the tasks sent to each miner.
  package var tallies: [Hotkey: TaskTally] = [:]
  /// Promises that wait for their reveal, oldest first.
  package var commits: [PendingCommit] = []
  /// What the mechanism remembers by itself; nil when it has no memory.
  package var memory: MechanismMemory?
  /// Rounds whose truth comes later.
  package var pending = PendingRounds()

  package init(owner: Owner, scoreShare: Double) {
    self.owner = owner
    book = ScoreBook(alpha: scoreShare)
  }
}

/// What became of the tasks sent to one miner.
package struct TaskTally: Hashable, Sendable {
  package var sent: UInt64 = 0
  package var answered: UInt64 = 0
  package var refused: UInt64 = 0
  /// Without an answer that counts: late, unreachable, or not signed by the miner.
  package var timedOut: UInt64 = 0

  package init() {}

  package static func + (left: TaskTally, right: TaskTally) -> TaskTally {
    var sum = left
    sum.sent &+= right.sent
    sum.answered &+= right.answered
    sum.refused &+= right.refused
    sum.timedOut &+= right.timedOut
    return sum
  }
}

/// Weights that were promised by their hash, with all that the reveal needs.
package struct PendingCommit: Hashable, Sendable {
  package let hash: Hash256
  package let row: WeightsRow
  package let salt: [UInt8]
  package let versionKey: UInt64
  /// The newest block when it was made.
  package let madeAt: BlockNumber
  /// Whether the chain was seen to hold it.
  package var hasLanded: Bool

  package init(
    hash: Hash256, row: WeightsRow, salt: [UInt8], versionKey: UInt64, madeAt: BlockNumber, hasLanded: Bool = false
  ) {
    self.hash = hash
    self.row = row
    self.salt = salt
    self.versionKey = versionKey
    self.madeAt = madeAt
    self.hasLanded = hasLanded
  }
}

/// What a mechanism remembers by itself, as it gave it.
package struct MechanismMemory: Hashable, Sendable {
  /// Whose memory it is; another mechanism has no use for it.
  package let mechanism: String
  package let bytes: [UInt8]

  package init(mechanism: String, bytes: [UInt8]) {
    self.mechanism = mechanism
    self.bytes = bytes
  }
}

/// How asking one miner in one round ended.
package struct TaskEnding: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    case answered
    case refused
    case timedOut
    /// Not asked, because it failed too often or does not serve.
    case notAsked
  }

  package let hotkey: Hotkey
  package let outcome: Outcome

  package init(hotkey: Hotkey, outcome: Outcome) {
    self.hotkey = hotkey
    self.outcome = outcome
  }
}

/// What a round says about its miners, once it was scored.
package struct RoundJudgement: Hashable, Sendable {
  package var scores: [Hotkey: Score]
  /// Who answered and could not be scored: nothing is said about them.
  package var unscored: [Hotkey]
  /// Who gave no answer, which is worth zero.
  package var silent: [Hotkey]
  /// The newest block when it was scored.
  package var block: BlockNumber

  package init(scores: [Hotkey: Score], unscored: [Hotkey] = [], silent: [Hotkey] = [], block: BlockNumber) {
    self.scores = scores
    self.unscored = unscored
    self.silent = silent
    self.block = block
  }
}

extension ValidatorState {
  /// Counts how the tasks of a round ended, and goes on to the next round.
  package mutating func count(_ endings: [TaskEnding]) {
    for ending in endings {
      var tally = tallies[ending.hotkey] ?? TaskTally()
      if ending.outcome != .notAsked { tally.sent &+= 1 }
      switch ending.outcome {
      case .answered: tally.answered &+= 1
      case .refused: tally.refused &+= 1
      case .timedOut: tally.timedOut &+= 1
      case .notAsked: break
      }
      tallies[ending.hotkey] = tally
    }
    nextRound &+= 1
    // Whom the book has forgotten needs no tally either.
    if tallies.count > ScoreBook.capacity { tallies = tallies.filter { book.entries[$0.key] != nil } }
  }

  /// Takes over what a round says: a score for every miner of it; no answer is worth zero.
  package mutating func record(_ judgement: RoundJudgement, decay: MovingAverage.Decay) {
    for (hotkey, score) in judgement.scores.sorted(by: { $0.key < $1.key }) {
      book.record(score, for: hotkey, at: judgement.block)
    }
    for hotkey in judgement.silent.sorted() { book.recordNoAnswer(from: hotkey, at: judgement.block) }
    if decay == .all {
      book.decay(allBut: Set(judgement.scores.keys).union(judgement.unscored).union(judgement.silent))
    }
  }
}

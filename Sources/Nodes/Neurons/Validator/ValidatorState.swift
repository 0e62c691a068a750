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

/// What happened with one miner in one round.
struct RoundResult: Sendable {
  enum Outcome: Sendable {
    case answered(Score)
    /// It answered, and the mechanism could not score.
    case unscored
    case refused
    case timedOut
    /// Not asked, because it failed too often or does not serve.
    case notAsked
  }

  let hotkey: Hotkey
  let outcome: Outcome
}

extension ValidatorState {
  /// Takes over one round: a tally and a score for every miner of it; no answer is worth zero.
  mutating func record(_ results: [RoundResult], at block: BlockNumber) {
    for result in results {
      var tally = tallies[result.hotkey] ?? TaskTally()
      switch result.outcome {
      case .answered(let score):
        tally.sent &+= 1
        tally.answered &+= 1
        book.record(score, for: result.hotkey, at: block)
      case .unscored:
        tally.sent &+= 1
        tally.answered &+= 1
      case .refused:
        tally.sent &+= 1
        tally.refused &+= 1
        book.recordNoAnswer(from: result.hotkey, at: block)
      case .timedOut:
        tally.sent &+= 1
        tally.timedOut &+= 1
        book.recordNoAnswer(from: result.hotkey, at: block)
      case .notAsked:
        book.recordNoAnswer(from: result.hotkey, at: block)
      }
      tallies[result.hotkey] = tally
    }
    nextRound &+= 1
    // Whom the book has forgotten needs no tally either.
    if tallies.count > ScoreBook.capacity { tallies = tallies.filter { book.entries[$0.key] != nil } }
  }
}

package import Primitives
package import SubnetKit

/// A round whose answers are here and whose truth comes later.
package struct PendingRound: Hashable, Sendable {
  /// Whose task it was; another mechanism cannot score it.
  package let mechanism: String
  package let round: Round
  /// The longest latency that the round accepted.
  package let deadline: Duration
  package let task: PreparedTask
  /// In the order of uids.
  package let answers: [AnswerBytes]
  /// Who gave no answer, and scores zero with the others.
  package let silent: [Hotkey]

  package init(
    mechanism: String, round: Round, deadline: Duration, task: PreparedTask, answers: [AnswerBytes], silent: [Hotkey]
  ) {
    self.mechanism = mechanism
    self.round = round
    self.deadline = deadline
    self.task = task
    self.answers = answers
    self.silent = silent
  }

  /// The block from which on it is scored.
  package var dueBlock: BlockNumber {
    let (sum, overflow) = round.block.value.addingReportingOverflow(task.scoredAfter)
    return BlockNumber(overflow ? .max : sum)
  }

  /// About the bytes that it takes in the saved state.
  var byteCount: Int {
    task.request.count + task.challenge.count + answers.reduce(0) { $0 + $1.response.count + $1.arrivals.count * 8 }
      + (answers.count + silent.count + 4) * 64
  }
}

/// The rounds that wait for their truth, in the order in which they were asked; bounded, since they are saved whole.
package struct PendingRounds: Hashable, Sendable {
  /// The most rounds that wait.
  package static let countLimit = 512
  /// Bytes of all of them together.
  package static let byteLimit = 8 << 20
  /// Bytes of one answer that waits; a longer one is worth zero, so that no miner can crowd the others out.
  package static let answerByteLimit = 64 << 10

  package private(set) var rounds: [PendingRound] = []

  package init() {}

  /// Why one more round cannot wait; nil when it can.
  package var refusal: PendingRoundRefusal? {
    rounds.count < PendingRounds.countLimit ? nil : .tooManyRounds(limit: PendingRounds.countLimit)
  }

  /// Takes in a round, or says why it cannot wait.
  package mutating func add(_ round: PendingRound) -> PendingRoundRefusal? {
    if let refusal { return refusal }
    let bytes = rounds.reduce(round.byteCount) { $0 + $1.byteCount }
    guard bytes <= PendingRounds.byteLimit else { return .tooManyBytes(bytes, limit: PendingRounds.byteLimit) }
    rounds.append(round)
    return nil
  }

  /// The rounds to score at a block, oldest first.
  package func due(at block: BlockNumber) -> [PendingRound] { rounds.filter { $0.dueBlock <= block } }

  /// Forgets a round that was scored.
  package mutating func remove(round number: UInt64) { rounds.removeAll { $0.round.number == number } }
}

/// Why a round whose truth comes later was not run.
package enum PendingRoundRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case tooManyRounds(limit: Int)
  case tooManyBytes(Int, limit: Int)

  package var description: String {
    switch self {
    case .tooManyRounds(let limit):
      "too_many_pending_rounds: \(limit) rounds wait for their truth already; score them sooner, or ask more seldom"
    case .tooManyBytes(let bytes, let limit):
      "too_many_pending_bytes: the waiting rounds would take \(bytes) bytes of \(limit); ask for smaller answers"
    }
  }
}

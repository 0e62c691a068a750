import Primitives
import SubnetKit

/// One validator and some miners without a network around them: rounds of tasks, answers and scores, by bytes.
struct Contest {
  let mechanism: any IncentiveMechanism.Type
  /// `name=value` for the validator.
  var validatorOptions: [String] = []
  /// `name=value` for each miner.
  let miners: [[String]]
  var seed: UInt64 = 1
  var rounds: UInt64 = 24
  /// The rounds at the beginning that do not count, while miners are getting to know the validator.
  var warmUpRounds: UInt64 = 12
  var latency: Duration = .zero
  /// Before this round the validator ends and another goes on with what it had saved.
  var restart: UInt64?
  /// What the subnet's alpha costs at a block.
  var pool: @Sendable (BlockNumber) -> AlphaPool = { _ in .empty }

  init(_ mechanism: any IncentiveMechanism.Type, miners: [[String]]) {
    self.mechanism = mechanism
    self.miners = miners
  }

  static let deadline: Duration = .seconds(3)

  static func hotkey(_ number: Int) -> Hotkey {
    Hotkey([UInt8(number)] + [UInt8](repeating: 7, count: 31))!
  }

  /// A round whose answers wait for their truth.
  private struct Waiting {
    let task: PreparedTask
    let answers: [AnswerBytes]
    let round: Round
  }

  /// The mean score of each miner in the rounds after the warm-up.
  func run() async throws -> [Double] {
    var validator = try await MechanismHost(mechanism, role: .validator, arguments: validatorOptions)
    var hosts: [MechanismHost] = []
    for options in miners { hosts.append(try await MechanismHost(mechanism, role: .miner, arguments: options)) }
    var waiting: [Waiting] = []
    var sums = [Double](repeating: 0, count: miners.count)
    var scoredCount = 0.0
    for number in 0..<rounds {
      if number == restart {
        let memory = try await validator.checkpoint()
        validator = try await MechanismHost(mechanism, role: .validator, arguments: validatorOptions)
        if let memory { try await validator.restore(memory) }
      }
      let block = BlockNumber(1 + number * 2)
      for due in waiting where due.round.block.value + due.task.scoredAfter <= block.value {
        let scores = try await score(due, at: block, by: validator)
        if due.round.number < warmUpRounds { continue }
        for index in scores.indices { sums[index] += scores[index].value }
        scoredCount += 1
      }
      waiting.removeAll { $0.round.block.value + $0.task.scoredAfter <= block.value }
      let round = Round(number: number, block: block, netuid: NetUID(1), pool: pool(block))
      var random = SeededRandom(seed: seed, stream: number)
      let task = try await validator.makeTask(round, random: &random)
      let asked = Waiting(task: task, answers: try await answers(of: hosts, to: task, at: block), round: round)
      if task.scoredAfter > 0 {
        waiting.append(asked)
        continue
      }
      let scores = try await score(asked, at: block, by: validator)
      if number < warmUpRounds { continue }
      for index in scores.indices { sums[index] += scores[index].value }
      scoredCount += 1
    }
    return sums.map { $0 / scoredCount }
  }

  private func answers(
    of hosts: [MechanismHost], to task: PreparedTask, at block: BlockNumber
  ) async throws -> [AnswerBytes] {
    var answers: [AnswerBytes] = []
    for (index, host) in hosts.enumerated() {
      let miner = Contest.hotkey(index)
      let context = ForwardContext(
        caller: Contest.hotkey(255), uid: UID(0), block: block, timeRemaining: Contest.deadline, miner: miner)
      let response = try await host.forward(task.request, context)
      answers.append(Answer(miner: miner, uid: UID(UInt16(index + 1)), response: response, latency: latency))
    }
    return answers
  }

  private func score(_ asked: Waiting, at block: BlockNumber, by validator: MechanismHost) async throws -> [Score] {
    let context = ScoreContext(round: asked.round, block: block, deadline: Contest.deadline, pool: pool(block))
    return try await validator.score(asked.answers, for: asked.task, context)
  }
}

/// The most that a cheat may earn, as a share of what an honest miner earns.
let cheatShareLimit = 0.05

import Daemon
import Primitives
import SubnetKit

/// Asks the mechanism what the answers of a round are worth.
struct RoundJudge: Sendable {
  private let host: MechanismHost
  private let report: RoundReport
  private let log: Logger

  init(host: MechanismHost, report: RoundReport, log: Logger) {
    self.host = host
    self.report = report
    self.log = log
  }

  /// The judgement of a round that waited; nil when another mechanism asked it, for then nobody can score it.
  func judgement(of pending: PendingRound, in metagraph: MetagraphView) async -> RoundJudgement? {
    guard pending.mechanism == host.name else {
      report.count { $0.unscored += 1 }
      log.warning(
        "a waiting round of another mechanism is dropped",
        [.mechanism: .text(pending.mechanism), .block: .number(pending.round.block.value)])
      return nil
    }
    let context = ScoreContext(
      round: pending.round, block: metagraph.block, deadline: pending.deadline, pool: metagraph.pool)
    return await judgement(of: pending.answers, for: pending.task, silent: pending.silent, context)
  }

  /// The judgement of a round; who answered is not part of it when the mechanism could not score.
  func judgement(
    of answers: [AnswerBytes], for task: PreparedTask, silent: [Hotkey], _ context: ScoreContext
  ) async -> RoundJudgement {
    let scores: [Score]
    do throws(MechanismError) {
      scores = try await host.score(answers, for: task, context)
    } catch {
      if error.code != .cancelled {
        report.count { $0.unscored += 1 }
        log.error(
          "the answers of a round could not be scored and count for nothing",
          [.mechanism: .text(host.name), .reason: .of(error)])
      }
      return RoundJudgement(scores: [:], unscored: answers.map(\.miner), silent: silent, block: context.block)
    }
    for (answer, score) in zip(answers, scores) {
      if let measure = score.measure { report.note(measure, of: answer.miner) }
      log.debug(
        "answer scored",
        [.uid: .number(answer.uid.value), .score: .text("\(score.value)"), .reason: .text(score.reason)])
    }
    return RoundJudgement(
      scores: Dictionary(zip(answers.map(\.miner), scores), uniquingKeysWith: { first, _ in first }), silent: silent,
      block: context.block)
  }
}

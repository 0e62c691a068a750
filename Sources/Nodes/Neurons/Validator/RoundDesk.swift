import Daemon
import Primitives
import SubnetKit
import Wire

/// Runs the rounds of a validator: one task, asked of a sample of miners at once, scored and remembered.
///
/// All miners of a round get the same task, so that their scores can be compared.
struct RoundDesk: Sendable {
  private let host: MechanismHost
  private let dendrite: Dendrite
  private let keeper: ScoreKeeper
  private let settings: ValidatorSettings
  private let log: Logger

  init(host: MechanismHost, dendrite: Dendrite, keeper: ScoreKeeper, settings: ValidatorSettings, log: Logger) {
    self.host = host
    self.dendrite = dendrite
    self.keeper = keeper
    self.settings = settings
    self.log = log
  }

  /// Runs one round; false when there is nobody to ask or no task to set.
  func run(in metagraph: MetagraphView, asking own: Hotkey) async throws -> Bool {
    let state = await keeper.current
    let candidates = RoundDesk.candidates(in: metagraph, except: own, remembered: state.book)
    guard !candidates.isEmpty else { return false }
    dendrite.keep(only: candidates)
    // Each round has numbers of its own, so it can be replayed without those before it.
    var random = SeededRandom(seed: settings.seed, stream: state.nextRound)
    let round = Round(number: state.nextRound, block: metagraph.block, netuid: settings.netuid)
    let task: PreparedTask
    do throws(MechanismError) {
      task = try await host.makeTask(round, random: &random)
    } catch {
      log.error("no task could be set", [.mechanism: .text(host.name), .reason: .of(error)])
      return false
    }
    let sample = RoundDesk.sample(of: candidates, limit: settings.sampleLimit, random: &random)
    let answers = await dendrite.ask(sample, host.message, task.request, deadline: settings.taskDeadline)
    let context = ScoreContext(round: round, block: metagraph.block, deadline: settings.taskDeadline)
    let scores = await scores(of: answers.compactMap(\.bytes), for: task, context)
    let results = answers.map { RoundResult(hotkey: $0.target.hotkey, outcome: outcome(of: $0, scores)) }
    // A round that was broken off says nothing about anybody.
    try Task.checkCancellation()
    try await keeper.record(results, at: metagraph.block)
    return true
  }

  /// Whom to ask: who serves, and who has a score to lose by not serving any more.
  static func candidates(in metagraph: MetagraphView, except own: Hotkey, remembered book: ScoreBook) -> [MinerTarget] {
    metagraph.neurons.filter { $0.hotkey != own }.map { MinerTarget($0) }
      .filter { $0.peer != nil || book.average(of: $0.hotkey) > 0 }
  }

  /// At most `limit` of the candidates, each as likely as the others, in the order of uids.
  static func sample(of candidates: [MinerTarget], limit: Int, random: inout SeededRandom) -> [MinerTarget] {
    guard candidates.count > limit else { return candidates }
    return candidates.shuffled(using: &random).prefix(limit).sorted { $0.uid < $1.uid }
  }

  private func outcome(of answer: DendriteAnswer, _ scores: [UID: Score]) -> RoundResult.Outcome {
    let uid: LogValue = .number(answer.target.uid.value)
    switch answer.outcome {
    case .answered: return scores[answer.target.uid].map { .answered($0) } ?? .unscored
    case .refused(let refusal):
      log.debug("a miner refused a task", [.uid: uid, .reason: .of(refusal)])
      return .refused
    case .timedOut:
      log.debug("a miner did not answer in time", [.uid: uid])
      return .timedOut
    case .failed(let error):
      log.debug("a miner could not be asked", [.uid: uid, .reason: .of(error)])
      return .timedOut
    case .skipped, .notServing:
      return .notAsked
    }
  }

  /// The scores by uid; none when the mechanism could not score, which says nothing about anybody.
  private func scores(
    of answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext
  ) async -> [UID: Score] {
    let scores: [Score]
    do throws(MechanismError) {
      scores = try await host.score(answers, for: task, context)
    } catch {
      log.error(
        "the answers of a round could not be scored and count for nothing",
        [.mechanism: .text(host.name), .reason: .of(error)])
      return [:]
    }
    for (answer, score) in zip(answers, scores) {
      log.debug(
        "answer scored",
        [.uid: .number(answer.uid.value), .score: .text("\(score.value)"), .reason: .text(score.reason)])
    }
    return Dictionary(zip(answers.map(\.uid), scores), uniquingKeysWith: { first, _ in first })
  }
}

extension DendriteAnswer {
  /// What the miner answered, for the mechanism; nil when it did not.
  fileprivate var bytes: AnswerBytes? {
    guard case .answered(let payload, let latency) = outcome else { return nil }
    return AnswerBytes(miner: target.hotkey, uid: target.uid, response: payload, latency: latency)
  }
}

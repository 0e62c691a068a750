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
    let task: PreparedTask
    do throws(MechanismError) {
      let round = Round(number: state.nextRound, block: metagraph.block, netuid: settings.netuid)
      task = try await host.makeTask(round, random: &random)
    } catch {
      log.error("no task could be set", [.mechanism: .text(host.name), .reason: .of(error)])
      return false
    }
    let sample = RoundDesk.sample(of: candidates, limit: settings.sampleLimit, random: &random)
    let answers = await dendrite.ask(sample, host.message, task.request, deadline: settings.taskDeadline)
    var results: [RoundResult] = []
    for answer in answers { results.append(await result(of: answer, for: task)) }
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

  private func result(of answer: DendriteAnswer, for task: PreparedTask) async -> RoundResult {
    let target = answer.target
    let outcome: RoundResult.Outcome
    switch answer.outcome {
    case .answered(let bytes, let latency):
      outcome = .answered(await score(bytes, of: target, latency: latency, for: task))
    case .refused(let refusal):
      log.debug("a miner refused a task", [.uid: .number(target.uid.value), .reason: .of(refusal)])
      outcome = .refused
    case .timedOut:
      log.debug("a miner did not answer in time", [.uid: .number(target.uid.value)])
      outcome = .timedOut
    case .failed(let error):
      log.debug("a miner could not be asked", [.uid: .number(target.uid.value), .reason: .of(error)])
      outcome = .timedOut
    case .skipped, .notServing:
      outcome = .notAsked
    }
    return RoundResult(hotkey: target.hotkey, outcome: outcome)
  }

  private func score(
    _ bytes: [UInt8], of target: MinerTarget, latency: Duration, for task: PreparedTask
  ) async -> Score {
    let context = ScoreContext(
      miner: target.hotkey, uid: target.uid, latency: latency, deadline: settings.taskDeadline)
    do throws(MechanismError) {
      let score = try await host.score(bytes, for: task, context)
      log.debug(
        "answer scored",
        [.uid: .number(target.uid.value), .score: .text("\(score.value)"), .reason: .text(score.reason)])
      return score
    } catch {
      log.warning(
        "an answer could not be scored and counts as zero", [.uid: .number(target.uid.value), .reason: .of(error)])
      return .zero(because: error.description)
    }
  }
}

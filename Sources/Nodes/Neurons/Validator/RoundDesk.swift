import Daemon
import Primitives
import SubnetKit
import Wire

/// Runs the rounds of a validator: one task, asked of a sample of miners at once, scored now or later, and remembered.
///
/// All miners of a round get the same task, so that their scores can be compared.
struct RoundDesk: Sendable {
  private let host: MechanismHost
  private let dendrite: Dendrite
  private let keeper: ScoreKeeper
  private let settings: ValidatorSettings
  private let policy: MechanismPolicy
  private let judge: RoundJudge
  private let report: RoundReport
  private let log: Logger

  init(
    host: MechanismHost, dendrite: Dendrite, keeper: ScoreKeeper, settings: ValidatorSettings, report: RoundReport,
    log: Logger
  ) {
    self.host = host
    self.dendrite = dendrite
    self.keeper = keeper
    self.settings = settings
    policy = settings.applied(to: host.policy)
    judge = RoundJudge(host: host, report: report, log: log)
    self.report = report
    self.log = log
  }

  /// Scores the rounds whose truth is known by now; each once, however often the validator starts anew.
  func settle(in metagraph: MetagraphView) async throws {
    for round in await keeper.current.pending.due(at: metagraph.block) {
      let judgement = await judge.judgement(of: round, in: metagraph)
      // A scoring that was broken off says nothing; the round waits on.
      try Task.checkCancellation()
      try await keeper.settle(round: round.round.number, judgement, memory: await memory())
    }
  }

  /// Runs one round; false when there is nobody to ask, no task to set or no room to wait for its truth.
  func run(in metagraph: MetagraphView, asking own: Hotkey) async throws -> Bool {
    let state = await keeper.current
    let candidates = RoundDesk.candidates(in: metagraph, except: own, remembered: state.book)
    guard !candidates.isEmpty else { return false }
    dendrite.keep(only: candidates.map(\.target))
    report.keepMeasures(of: Set(candidates.map(\.target.hotkey)))
    // Each round has numbers of its own, so it can be replayed without those before it.
    var random = SeededRandom(seed: settings.seed, stream: state.nextRound)
    let round = Round(
      number: state.nextRound, block: metagraph.block, netuid: settings.netuid, pool: metagraph.pool)
    let task: PreparedTask
    do throws(MechanismError) {
      task = try await host.makeTask(round, random: &random)
    } catch {
      log.error("no task could be set", [.mechanism: .text(host.name), .reason: .of(error)])
      return false
    }
    if task.scoredAfter > 0, let refusal = state.pending.refusal {
      refuse(refusal)
      return false
    }
    let chosen = Set(policy.sampling.choose(from: candidates.map(\.neuron), random: &random))
    let sample = candidates.filter { chosen.contains($0.neuron) }.map(\.target)
    let answers = await dendrite.ask(
      sample, host.message, task.request, deadline: policy.deadline, retry: policy.retry,
      inParts: host.isStreaming ? policy.streaming : nil)
    // A round that was broken off says nothing about anybody.
    try Task.checkCancellation()
    try await take(answers, to: task, of: round)
    return true
  }

  /// Whom to ask: who serves, and who has a score to lose by not serving any more.
  static func candidates(
    in metagraph: MetagraphView, except own: Hotkey, remembered book: ScoreBook
  ) -> [(neuron: Neuron, target: MinerTarget)] {
    metagraph.neurons.filter { $0.hotkey != own }.map { (neuron: $0.neuron, target: MinerTarget($0)) }
      .filter { $0.target.peer != nil || book.average(of: $0.target.hotkey) > 0 }
  }

  private func take(_ outcomes: [DendriteAnswer], to task: PreparedTask, of round: Round) async throws {
    let endings = outcomes.map { TaskEnding(hotkey: $0.target.hotkey, outcome: ending(of: $0)) }
    var silent = endings.filter { $0.outcome != .answered }.map(\.hotkey)
    var answers: [AnswerBytes] = []
    for outcome in outcomes {
      do throws(MechanismError) {
        if let answer = try answer(of: outcome) { answers.append(answer) }
      } catch {
        log.debug(
          "an answer in parts makes no sense and counts as zero",
          [.uid: .number(outcome.target.uid.value), .reason: .of(error)])
        silent.append(outcome.target.hotkey)
      }
    }
    guard task.scoredAfter > 0 else {
      let context = ScoreContext(
        round: round, block: round.block, deadline: policy.deadline, pool: round.pool)
      let judgement = await judge.judgement(of: answers, for: task, silent: silent, context)
      try Task.checkCancellation()
      return try await keeper.record(endings, judgement, memory: await memory())
    }
    for answer in answers where answer.response.count > PendingRounds.answerByteLimit {
      log.debug(
        "an answer is too large to wait for its truth and counts as zero",
        [.uid: .number(answer.uid.value), .bytes: .number(answer.response.count)])
      silent.append(answer.miner)
    }
    answers.removeAll { $0.response.count > PendingRounds.answerByteLimit }
    let pending = PendingRound(
      mechanism: host.name, round: round, deadline: policy.deadline, task: task, answers: answers,
      silent: silent)
    if let refusal = try await keeper.postpone(endings, pending, memory: await memory()) { refuse(refusal) }
  }

  /// What a miner answered, for the mechanism; nil when it did not.
  ///
  /// - Throws: When its parts make no answer.
  private func answer(of outcome: DendriteAnswer) throws(MechanismError) -> AnswerBytes? {
    let target = outcome.target
    switch outcome.outcome {
    case .answered(let payload, let latency):
      return AnswerBytes(miner: target.hotkey, uid: target.uid, response: payload, latency: latency)
    case .answeredInParts(let parts, let arrivals, let latency):
      return AnswerBytes(
        miner: target.hotkey, uid: target.uid, response: try host.join(parts), latency: latency, arrivals: arrivals)
    case .refused, .timedOut, .failed, .skipped, .notServing: return nil
    }
  }

  private func ending(of answer: DendriteAnswer) -> TaskEnding.Outcome {
    let uid: LogValue = .number(answer.target.uid.value)
    switch answer.outcome {
    case .answered, .answeredInParts: return .answered
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

  /// What the mechanism remembers now; what it gave last, when it cannot be asked.
  private func memory() async -> MechanismMemory? {
    do throws(MechanismError) {
      return try await host.checkpoint().map { MechanismMemory(mechanism: host.name, bytes: $0) }
    } catch {
      report.count { $0.forgotten += 1 }
      log.error(
        "the mechanism's memory could not be saved; the one before is kept",
        [.mechanism: .text(host.name), .reason: .of(error)])
      return await keeper.current.memory
    }
  }

  private func refuse(_ refusal: PendingRoundRefusal) {
    report.count { $0.refused += 1 }
    log.warning("no round was run whose truth comes later", [.mechanism: .text(host.name), .reason: .of(refusal)])
  }
}

extension MetagraphView {
  /// What the subnet's alpha costs.
  var pool: AlphaPool { AlphaPool(taoIn: taoIn, alphaIn: alphaIn) }
}

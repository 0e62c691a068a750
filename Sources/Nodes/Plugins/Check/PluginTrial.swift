import Daemon
import Primitives
import SubnetKit

/// The state of one conformance run: the two processes, and what they have said.
struct PluginTrial {
  let check: PluginCheck
  var verdict = PluginVerdict()
  var isBroken = false
  private var validator: Plugin?
  private var miner: Plugin?
  private var honestTask: PreparedTask?
  private var honestAnswer: [UInt8] = []

  init(check: PluginCheck) { self.check = check }

  /// A failure of the check itself would show here.
  private func running(_ plugin: Plugin?) throws -> Plugin {
    guard let plugin else { throw CheckFailure(what: "the program does not run", advice: "look at its last words") }
    return plugin
  }

  mutating func stopAll() async {
    await validator?.stop()
    await miner?.stop()
    (validator, miner) = (nil, nil)
  }

  static let steps: [CheckStep] = [
    CheckStep(
      name: "starts as a validator", advice: "answer hello with a greeting and set_up with ready", isNeeded: true,
      run: { try await $0.startValidator() }),
    CheckStep(
      name: "starts as a miner", advice: "answer hello with a greeting and set_up with ready", isNeeded: true,
      run: { try await $0.startMiner() }),
    CheckStep(
      name: "sets a task", advice: "return a task whose request is at most 256 KiB", isNeeded: true,
      run: { try await $0.setTask() }),
    CheckStep(
      name: "sets the same task for the same seed", advice: "draw every choice from the seed that the node gives",
      run: { try await $0.setTaskAgain() }),
    CheckStep(
      name: "answers a task", advice: "return a response of at most 1 MiB", isNeeded: true,
      run: { try await $0.answer() }),
    CheckStep(
      name: "values an honest answer", advice: "give an answer that your own miner makes a score over 0",
      isNeeded: true, run: { try await $0.scoreHonestAnswer() }),
    CheckStep(
      name: "gives garbage nothing, and lets it hurt nobody",
      advice: "read answers as a stranger's: what does not parse is worth 0", run: { try await $0.scoreGarbage() }),
    CheckStep(
      name: "scores answers of the largest size", advice: "bound what you do with an answer before you read it",
      run: { try await $0.scoreLargeAnswers() }),
    CheckStep(
      name: "survives garbage requests", advice: "read requests as a stranger's: refuse what does not parse",
      run: { try await $0.answerGarbage() }),
    CheckStep(
      name: "survives many rounds", advice: "look for what grows or wears out from round to round",
      run: { try await $0.runRounds() }),
    CheckStep(
      name: "finds its memory again", advice: "give restore what checkpoint said, in a fresh process",
      run: { try await $0.remember() }),
    CheckStep(
      name: "ends when its input ends", advice: "leave with exit code 0 when standard input is closed",
      runsAnyway: true, run: { try await $0.end() }),
  ]

  // MARK: The steps

  private mutating func startValidator() async throws -> String {
    let plugin = try await check.start(.validator)
    validator = plugin
    verdict.greeting = plugin.greeting
    verdict.policies.append(plugin.stated)
    verdict.protections = plugin.protections.summary
    verdict.missingProtections = plugin.protections.missing
    return "\(plugin.greeting.name) \(plugin.greeting.version)"
  }

  private mutating func startMiner() async throws -> String {
    let plugin = try await check.start(.miner)
    miner = plugin
    verdict.policies.append(plugin.stated)
    return ""
  }

  private mutating func setTask() async throws -> String {
    let task = try await makeTask(seed: 1)
    honestTask = task
    return "request \(task.request.count) bytes, challenge \(task.challenge.count) bytes"
  }

  private mutating func setTaskAgain() async throws -> String {
    let task = try await makeTask(seed: 1)
    guard task == honestTask else {
      throw CheckFailure(
        what: "two tasks of one seed differ", advice: "draw every choice from the seed that the node gives")
    }
    // What depends on the order of a set differs only from process to process.
    await validator?.stop()
    validator = try await check.start(.validator)
    guard try await makeTask(seed: 1) == honestTask else {
      throw CheckFailure(
        what: "a restart changed the task of a seed",
        advice: "do not let a task depend on the order of a set, on the time or on the process")
    }
    return try await makeTask(seed: 2) == honestTask ? "another seed gives the same task" : "another seed, another task"
  }

  private mutating func answer() async throws -> String {
    honestAnswer = try await forward(try task().request)
    return "\(honestAnswer.count) bytes"
  }

  private mutating func scoreHonestAnswer() async throws -> String {
    let scores = try await score([honestAnswer], of: try task())
    guard scores[0].value > 0 else {
      throw CheckFailure(
        what: "it is worth 0" + (scores[0].reason.isEmpty ? "" : ": \(scores[0].reason)"),
        advice: "give an answer that your own miner makes a score over 0")
    }
    return "\(scores[0].value)"
  }

  private mutating func scoreGarbage() async throws -> String {
    let alone = try await score([honestAnswer], of: try task())[0].value
    let unreadable: [[UInt8]] = [[], [0xFF, 0xFE, 0xC0, 0x00], honestAnswer.firstHalf]
    let strange = ["null", "[]", "{}", "-1", "1e400", "\"\"", "NaN", String(repeating: "[", count: 100_000)]
    let scores = try await score([honestAnswer] + unreadable + strange.map { Array($0.utf8) }, of: try task())
    for (index, score) in scores[1...unreadable.count].enumerated() where score.value > 0 {
      throw CheckFailure(
        what: "an answer of \(unreadable[index].count) unreadable bytes is worth \(score.value)",
        advice: "read answers as a stranger's: what does not parse is worth 0")
    }
    guard scores[0].value > 0 || alone == 0 else {
      throw CheckFailure(
        what: "garbage beside an honest answer takes its score away",
        advice: "let an answer that cannot be read cost only the one who gave it")
    }
    return "\(unreadable.count + strange.count) kinds"
  }

  private mutating func scoreLargeAnswers() async throws -> String {
    let size = MessageCoder.responses.sizeLimit
    let large = [[UInt8](repeating: UInt8(ascii: "["), count: size), [UInt8](repeating: 0, count: size)]
    let scores = try await score([honestAnswer] + large, of: try task())
    guard scores[0].value > 0 else {
      throw CheckFailure(
        what: "large answers beside an honest one take its score away",
        advice: "let an answer that cannot be read cost only the one who gave it")
    }
    return "2 of \(size >> 10) KiB"
  }

  private mutating func answerGarbage() async throws -> String {
    let size = MessageCoder.requests.sizeLimit
    let garbage: [[UInt8]] = [[], [0xFF, 0x00], Array("[[[".utf8), [UInt8](repeating: UInt8(ascii: "["), count: size)]
    let host = try running(miner).host
    var refused = 0
    for request in garbage {
      do throws(MechanismError) {
        _ = try await host.forward(request, context)
      } catch {
        // The author's code may refuse; the program may not break.
        guard error.code != .pluginFailed, error.code != .responseTooLate else {
          throw CheckFailure(what: error.message, advice: "refuse a request that does not parse")
        }
        refused += 1
      }
    }
    _ = try await forward(try task().request)
    return "\(refused) of \(garbage.count) refused"
  }

  private mutating func runRounds() async throws -> String {
    for round in 0..<check.rounds {
      let clock = ContinuousClock()
      var start = clock.now
      let task = try await makeTask(seed: UInt64(round) + 10)
      verdict.task.add(clock.now - start)
      start = clock.now
      let answer = try await forward(task.request)
      verdict.forward.add(clock.now - start)
      start = clock.now
      _ = try await score(Array(repeating: answer, count: 8), of: task)
      verdict.score.add(clock.now - start)
    }
    return "\(check.rounds) with 8 answers each"
  }

  private mutating func remember() async throws -> String {
    guard let memory = try await running(validator).host.checkpoint() else { return "it keeps none" }
    await validator?.stop()
    let plugin = try await check.start(.validator)
    validator = plugin
    try await plugin.host.restore(memory)
    _ = try await makeTask(seed: 1)
    return "\(memory.count) bytes"
  }

  private mutating func end() async throws -> String {
    let plugins = [validator, miner].compactMap { $0 }
    (validator, miner) = (nil, nil)
    for plugin in plugins {
      let status = await plugin.stop()
      guard status == .exited(0) else {
        throw CheckFailure(
          what: status.map { "it ended with \($0)" } ?? "it did not end by itself within \(check.limits.endTime.text)",
          advice: "leave with exit code 0 when standard input is closed")
      }
    }
    return plugins.isEmpty ? "nothing ran" : ""
  }

  // MARK: Asking

  private static let round = Round(number: 1, block: BlockNumber(1), netuid: NetUID(1))

  private func task() throws -> PreparedTask {
    guard let honestTask else { throw CheckFailure(what: "there is no task", advice: "return a task") }
    return honestTask
  }

  private func makeTask(seed: UInt64) async throws -> PreparedTask {
    var random = SeededRandom(seed: seed)
    return try await running(validator).host.makeTask(PluginTrial.round, random: &random)
  }

  private var context: ForwardContext {
    ForwardContext(
      caller: PluginTrial.hotkey(255), uid: UID(0), block: BlockNumber(1), timeRemaining: check.limits.callTime)
  }

  private func forward(_ request: [UInt8]) async throws -> [UInt8] {
    try await running(miner).host.forward(request, context)
  }

  /// Scores answers as they would be after the blocks that the task asks for.
  private func score(_ answers: [[UInt8]], of task: PreparedTask) async throws -> [Score] {
    let given = answers.enumerated().map { index, response in
      AnswerBytes(
        miner: PluginTrial.hotkey(UInt8(truncatingIfNeeded: index + 1)), uid: UID(UInt16(index + 1)),
        response: response,
        latency: .milliseconds(100))
    }
    let context = ScoreContext(
      round: PluginTrial.round, block: BlockNumber(PluginTrial.round.block.value &+ task.scoredAfter),
      deadline: .seconds(3))
    return try await running(validator).host.score(given, for: task, context)
  }

  private static func hotkey(_ number: UInt8) -> Hotkey {
    guard let hotkey = Hotkey([UInt8](repeating: number, count: 32)) else {
      preconditionFailure("A hotkey has 32 bytes.")
    }
    return hotkey
  }
}

extension [UInt8] {
  /// The first half, so that what ends a value is missing.
  fileprivate var firstHalf: [UInt8] { Array(prefix(count / 2)) }
}

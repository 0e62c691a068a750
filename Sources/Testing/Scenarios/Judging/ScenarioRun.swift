import Daemon
import Localnet
import Neurons
import Primitives

/// One run of a scenario in one world: waits for blocks, does what is due, and judges.
package struct ScenarioRun: Sendable {
  /// The least time without a block that counts as a standstill, however short the block time: a loaded machine may
  /// stop a process, or its disk, for many seconds.
  private static let shortestStandstill: Duration = .seconds(60)
  /// Block times without a block that count as a standstill.
  private static let standstillBlocks = 20.0

  private let scenario: Scenario
  private let world: any ScenarioWorld
  /// Told of every block, for whoever watches.
  private let onBlock: @Sendable (UInt64, Int) -> Void

  package init(
    _ scenario: Scenario, in world: any ScenarioWorld, onBlock: @escaping @Sendable (UInt64, Int) -> Void = { _, _ in }
  ) {
    self.scenario = scenario
    self.world = world
    self.onBlock = onBlock
  }

  /// Runs to the scenario's end.
  ///
  /// - Returns: Also when expectations failed, or the run broke off: then with the problem.
  /// - Throws: `CancellationError`; whatever keeps the network from coming up.
  package func run() async throws -> ScenarioVerdict {
    try await world.open()
    var progress = Progress(scenario, world)
    var problem: String?
    do {
      problem = try await conduct(&progress)
    } catch let error as CancellationError {
      throw error
    } catch {
      problem = "\(error)"
    }
    do {
      // Whoever looks at the network afterwards finds it whole, and so do the books.
      for deed in progress.schedule.leftovers { try await world.perform(deed.action, on: deed.node) }
      progress.view.books = try await books()
    } catch let error as CancellationError {
      throw error
    } catch {
      progress.view.books = Sighting(false, "the books could not be read: \(error)")
    }
    progress.view.rhythm = progress.rhythm
    return ScenarioVerdict(
      scenario, world, results: progress.judge.finish(progress.view), view: progress.view, problem: problem)
  }

  private struct Progress: Sendable {
    var judge: Judge
    var schedule: FaultSchedule
    var view: RunView
    let begin: Duration
    let standstill: Duration
    var lastBlockAt: Duration
    var longestGap: Duration = .zero
    /// Whether a fault may be to blame for the gap since the last block.
    var isExcused = false
    var standstillAt: UInt64?
    /// Faults that hold the chain now.
    var chainFaults: Set<String> = []

    init(_ scenario: Scenario, _ world: any ScenarioWorld) {
      let state = world.state
      judge = Judge(scenario.expectations)
      schedule = FaultSchedule(scenario.faults, blockTime: world.plan.blockTime)
      view = RunView(state: state, plan: world.plan, start: state.record.height)
      begin = world.time.elapsed
      lastBlockAt = begin
      standstill = max(world.plan.blockTime * standstillBlocks, shortestStandstill)
    }

    var rhythm: Sighting {
      if let standstillAt { return Sighting(false, "no block for \(standstill.text) after block \(standstillAt)") }
      return Sighting(view.block > 0, "\(view.block) blocks, the longest gap \(longestGap.text)")
    }

    mutating func note(_ action: ScenarioFault.Action) {
      switch action {
      case .kill: chainFaults.insert("kill")
      case .restart: chainFaults.remove("kill")
      case .pause: chainFaults.insert("pause")
      case .resume: chainFaults.remove("pause")
      case .disconnect: chainFaults.insert("cut")
      case .reconnect: chainFaults.remove("cut")
      case .delay(.zero): chainFaults.remove("delay")
      case .delay: chainFaults.insert("delay")
      }
      isExcused = true
    }

    /// A state with a new block.
    mutating func take(_ state: NetworkState, now: Duration) {
      if !isExcused { longestGap = max(longestGap, now - lastBlockAt) }
      isExcused = !chainFaults.isEmpty
      lastBlockAt = now
      take(state)
    }

    mutating func take(_ state: NetworkState) {
      for (name, node) in state.nodes where view.ended[name] == nil {
        guard let status = node.failure else { continue }
        let height = state.record.height.value
        let reason = node.endReason.map { ": \($0)" } ?? ""
        view.ended[name] = "ended with \(status) at block \(height - min(height, view.start.value))\(reason)"
      }
      let ended = view.ended
      view = RunView(state: state, plan: view.plan, start: view.start, ended: ended, books: view.books)
      view.rhythm = rhythm
    }
  }

  /// Until the end of the scenario; returns what broke the run off, nil when nothing did.
  private func conduct(_ progress: inout Progress) async throws -> String? {
    while true {
      let now = world.time.elapsed
      for deed in progress.schedule.due(progress.view, now: now) {
        if deed.node == .chain { progress.note(deed.action) }
        try await world.perform(deed.action, on: deed.node)
      }
      if progress.judge.wantsBooks(progress.view) { progress.view.books = try await books() }
      progress.judge.look(progress.view)
      onBlock(progress.view.block, progress.view.settled.count)
      if progress.view.hasReached(scenario.end) { return nil }
      guard now - progress.begin < scenario.timeLimit else {
        return "the time limit of \(scenario.timeLimit.text) was over at block \(progress.view.block), before the end, "
          + "\(scenario.end)"
      }
      if let problem = try await waitForBlock(&progress) { return problem }
    }
  }

  /// Waits for the next block, but not beyond what else is due.
  private func waitForBlock(_ progress: inout Progress) async throws -> String? {
    let now = world.time.elapsed
    var until = min(progress.begin + scenario.timeLimit, progress.lastBlockAt + progress.standstill)
    if progress.isExcused { until = progress.begin + scenario.timeLimit }
    if let due = progress.schedule.nextDue { until = min(until, due) }
    let limit = max(until - now, .milliseconds(1))
    if let state = try await world.state(after: progress.view.height, within: limit) {
      progress.take(state, now: world.time.elapsed)
      return nil
    }
    progress.take(world.state)
    let silence = world.time.elapsed - progress.lastBlockAt
    guard !progress.isExcused, silence >= progress.standstill else { return nil }
    progress.standstillAt = progress.view.block
    return "the chain made no block for \(progress.standstill.text) after block \(progress.view.block)"
  }

  private func books() async throws -> Sighting {
    let books = try await world.readBooks()
    return Sighting(books.isBalanced, books.words)
  }
}

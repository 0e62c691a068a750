import Synchronization

/// Runs a whole network in one thread, the same way every time.
///
/// Every task of the program takes its turns here, first come first served; when no turn is left, the virtual clock
/// moves to the next sleeper. Code that starts threads, or tasks outside the structure, escapes the simulation and
/// makes it differ from run to run.
///
/// One caller at a time may run something; between two runs everything stands still.
package final class Simulation: Sendable {
  package let clock = VirtualClock()
  private let turns = Mutex<[Turn]>([])

  /// A step of a task, and on whose behalf it is taken.
  private struct Turn {
    let job: UnownedJob
    let executor: SimulatedExecutor
  }

  package init() {}

  /// What ended a run that did not end by itself.
  package enum Failure: Error, Equatable {
    /// Nothing is left to run and nobody sleeps, but the program has not ended.
    case stuck
    /// More turns than the limit: something spins.
    case turnLimit(Int)
  }

  /// A place where tasks take their turns; one that is paused keeps them.
  package func executor() -> SimulatedExecutor { SimulatedExecutor(self) }

  /// Runs a program to its end and returns what it returns; tasks that were started before go on meanwhile.
  ///
  /// - Throws: The program's error, or a `Failure`.
  package func run<Result: Sendable>(
    turnLimit: Int = 50_000_000, _ program: @escaping @Sendable (VirtualClock) async throws -> Result
  ) throws -> Result {
    let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    let clock = clock
    let root = Task(executorPreference: executor()) {
      do {
        let result = try await program(clock)
        outcome.withLock { $0 = .success(result) }
      } catch {
        outcome.withLock { $0 = .failure(error) }
      }
    }
    var turnsTaken = 0
    while true {
      if let finished = outcome.withLock({ $0 }) { return try finished.get() }
      if takeTurns(&turnsTaken) { continue }
      if turnsTaken > turnLimit {
        root.cancel()
        throw Failure.turnLimit(turnLimit)
      }
      guard clock.wakeNext() else {
        root.cancel()
        throw Failure.stuck
      }
    }
  }

  /// Takes the turns that are left without moving the clock, so that tasks that were told to end do.
  package func settle(turnLimit: Int = 1_000_000) {
    var turnsTaken = 0
    while turnsTaken < turnLimit, takeTurns(&turnsTaken) {}
  }

  /// Runs the turns that wait now; false when there were none.
  private func takeTurns(_ turnsTaken: inout Int) -> Bool {
    let waiting = turns.withLock { turns -> [Turn] in
      defer { turns = [] }
      return turns
    }
    for turn in waiting where !turn.executor.keeps(turn.job) {
      turn.job.runSynchronously(on: turn.executor.asUnownedTaskExecutor())
    }
    turnsTaken += waiting.count
    return !waiting.isEmpty
  }

  fileprivate func enqueue(_ job: UnownedJob, on executor: SimulatedExecutor) {
    turns.withLock { $0.append(Turn(job: job, executor: executor)) }
  }
}

/// Where the tasks of one node take their turns; while it is paused they wait, as in a process that stands still.
package final class SimulatedExecutor: TaskExecutor {
  private struct State {
    var isPaused = false
    var kept: [UnownedJob] = []
  }

  private let simulation: Simulation
  private let state = Mutex(State())

  fileprivate init(_ simulation: Simulation) { self.simulation = simulation }

  /// Lets every task stand still, or go on with what has come up meanwhile.
  package func setPaused(_ isPaused: Bool) {
    let kept = state.withLock { state -> [UnownedJob] in
      state.isPaused = isPaused
      defer { if !isPaused { state.kept = [] } }
      return isPaused ? [] : state.kept
    }
    for job in kept { simulation.enqueue(job, on: self) }
  }

  /// Keeps a turn for later; false when it may be taken now.
  fileprivate func keeps(_ job: UnownedJob) -> Bool {
    state.withLock { state in
      guard state.isPaused else { return false }
      state.kept.append(job)
      return true
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    simulation.enqueue(UnownedJob(job), on: self)
  }
}

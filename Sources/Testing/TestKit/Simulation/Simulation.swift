import Synchronization

/// Runs a whole network in one thread, the same way every time.
///
/// Every task of the program takes its turns on this executor, first come first served; when no turn is left,
/// the virtual clock moves to the next sleeper. Code that starts threads, or tasks outside the structure, escapes
/// the simulation and makes it differ from run to run.
public final class Simulation: TaskExecutor, SerialExecutor {
  public let clock = VirtualClock()
  private let turns = Mutex<[UnownedJob]>([])

  public init() {}

  /// What ended a simulation that did not end by itself.
  public enum Failure: Error, Equatable {
    /// Nothing is left to run and nobody sleeps, but the program has not ended.
    case stuck
    /// More turns than the limit: something spins.
    case turnLimit(Int)
  }

  /// Runs a program to its end and returns what it returns.
  ///
  /// - Throws: The program's error, or a `Failure`.
  public func run<Result: Sendable>(
    turnLimit: Int = 50_000_000, _ program: @escaping @Sendable (VirtualClock) async throws -> Result
  ) throws -> Result {
    let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    let clock = clock
    let root = Task(executorPreference: self) {
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

  /// Runs the turns that wait now; false when there were none.
  private func takeTurns(_ turnsTaken: inout Int) -> Bool {
    let waiting = turns.withLock { turns -> [UnownedJob] in
      defer { turns = [] }
      return turns
    }
    for job in waiting { job.runSynchronously(on: asUnownedTaskExecutor()) }
    turnsTaken += waiting.count
    return !waiting.isEmpty
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let turn = UnownedJob(job)
    turns.withLock { $0.append(turn) }
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

import CLinux
package import Daemon
import Glibc
import Primitives
package import SubnetKit
import Synchronization

/// A plugin in a world whose clock waits for it: each call is done before anything else of that world goes on.
///
/// The thread that asks stands still until the program has answered. So a simulation on that thread takes no other turn
/// meanwhile and moves no clock: the same program and the same seed give the same run, however fast the machine is. The
/// program's own deadline is the real one of its limits, not the virtual one of the request.
///
/// Ask only from a thread that nothing else waits for, and never from one of the shared pool.
package struct HeldPlugin: MechanismBackend {
  private let plugin: Plugin
  private let onFailure: @Sendable (String) -> Void

  /// Starts a program and waits, on this thread, until it is ready.
  ///
  /// - Parameter onFailure: Told of each call that fails, in words for the author.
  /// - Throws: `PluginError`.
  package init(
    starting program: PluginProgram, role: MechanismRole, options: [String], limits: PluginLimits,
    access: PluginAccess = PluginAccess(), log: Logger, onFailure: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.onFailure = onFailure
    plugin = try held {
      try await Plugin.start(program, role: role, options: options, limits: limits, access: access, log: log)
    }
  }

  /// The mechanism as nodes hold it; the program ends with the last of them.
  package var host: MechanismHost {
    MechanismHost(name: plugin.greeting.name, version: plugin.greeting.version, backend: self)
  }

  package var policy: MechanismPolicy { plugin.policy }

  package func makeTask(_ round: Round, random: inout SeededRandom) async throws -> PreparedTask {
    let (task, after) = try asked { [plugin, random] in
      var random = random
      let task = try await plugin.makeTask(round, random: &random)
      return (task, random)
    }
    random = after
    return task
  }

  package func forward(_ request: [UInt8], _ context: ForwardContext) async throws -> [UInt8] {
    try asked { [plugin] in try await plugin.forward(request, context, within: nil) }
  }

  package func score(
    _ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext
  ) async throws -> [Score] {
    try asked { [plugin] in try await plugin.score(answers, for: task, context) }
  }

  package func checkpoint() async throws -> [UInt8]? { try asked { [plugin] in try await plugin.checkpoint() } }

  package func restore(_ memory: [UInt8]) async throws { try asked { [plugin] in try await plugin.restore(memory) } }

  private func asked<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    do {
      return try held(body)
    } catch let error as MechanismError {
      onFailure(error.message)
      throw error
    }
  }
}

/// Lets a body run on the shared pool and stands still until it is done: no longer than the plugin's own limits, since a start
/// and every call end by them.
private func held<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
  let outcome = Outcome<Value>()
  // A task of its own: one that inherited where its parent runs would wait for this thread.
  Task.detached {
    do {
      outcome.settle(.success(try await body()))
    } catch {
      outcome.settle(.failure(error))
    }
  }
  return try outcome.wait().get()
}

/// What a body came to, for a thread that waits for it.
private final class Outcome<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let wakeUp = clinux_eventfd()

  init() { precondition(wakeUp >= 0, "no descriptor is left to wait on") }

  deinit { close(wakeUp) }

  func settle(_ result: Result<Value, any Error>) {
    self.result.withLock { $0 = result }
    var one: UInt64 = 1
    _ = write(wakeUp, &one, 8)
  }

  func wait() -> Result<Value, any Error> {
    while true {
      if let result = result.withLock({ $0 }) { return result }
      var query = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
      _ = poll(&query, 1, -1)
    }
  }
}

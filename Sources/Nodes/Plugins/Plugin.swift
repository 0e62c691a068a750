package import Daemon
import Glibc
import Primitives
package import SubnetKit

/// A mechanism that runs as a program of its own, in any language, confined and watched.
///
/// The program is started again when it fails. Calls are bounded in time and number; whatever it does, they end. It
/// lives until `stop`, or until nobody holds this.
package final class Plugin: Sendable {
  package let program: PluginProgram
  /// What the program said of itself.
  package let greeting: PluginGreeting
  /// What it wants to happen around its functions.
  package let stated: PluginPolicy
  /// The same, with defaults for the rest.
  package let policy: MechanismPolicy
  /// What keeps it within its limits.
  package let protections: PluginProtections
  let limits: PluginLimits
  private let inbox: PluginInbox

  private init(_ launch: PluginLaunch, _ introduction: PluginIntroduction, inbox: PluginInbox) {
    program = launch.program
    protections = launch.protections
    limits = launch.limits
    greeting = introduction.greeting
    stated = introduction.stated
    policy = introduction.policy
    self.inbox = inbox
  }

  deinit { _ = inbox.send(.stop(nil)) }

  /// Starts a program and waits until it is ready for its role.
  ///
  /// - Parameter options: The mechanism's, as `name=value`; the program reads them.
  /// - Throws: Why it did not become ready. Nothing is left behind then.
  package static func start(
    _ program: PluginProgram, role: MechanismRole, options: [String] = [], limits: PluginLimits = PluginLimits(),
    access: PluginAccess = PluginAccess(), log: Logger
  ) async throws(PluginError) -> Plugin {
    let launch = PluginLaunch(program, role: role, options: options, limits: limits, access: access, log: log)
    if !launch.protections.missing.isEmpty {
      log.warning(
        "the plugin is less confined than it should be",
        [.plugin: .text(program.name), .missing: .text(launch.protections.missing)])
    }
    let inbox = PluginInbox()
    let result = await withCheckedContinuation { starter in
      let isStarted = startThread("plugin") {
        var attendant = PluginAttendant(launch, inbox: inbox, starter: starter)
        attendant.run()
      }
      if !isStarted {
        starter.resume(returning: .failure(PluginError(program.name, .notStarted, "has no thread to be watched by")))
      }
    }
    return Plugin(launch, try result.get(), inbox: inbox)
  }

  /// Lets the program end, kills it if it does not, and returns when nothing of it is left.
  ///
  /// - Returns: How it ended by itself; nil when it was killed or did not run.
  @discardableResult
  package func stop() async -> Daemon.ExitStatus? {
    await withCheckedContinuation { waiter in
      if !inbox.send(.stop(waiter)) { waiter.resume(returning: nil) }
    }
  }

  /// The mechanism as nodes hold it.
  package var host: MechanismHost {
    MechanismHost(name: greeting.name, version: greeting.version, backend: self)
  }

  /// Asks the program; the answer is of the request's kind.
  ///
  /// - Parameter limit: How long to wait; never longer than a call may take.
  package func ask(
    _ request: PluginRequest, within limit: Duration? = nil
  ) async throws(PluginError) -> PluginReply {
    // Work that nobody waits for is not begun: a quick program would do it before the cancellation arrives.
    guard !Task.isCancelled else { throw PluginError(program.name, .cancelled, "was asked by somebody who left") }
    let limit = min(limit ?? limits.callTime, limits.callTime)
    let id = inbox.newID()
    let frame = PluginFrame.framed(try request.encoded(id: id, timeLimit: limit, for: program.name))
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (waiter: CheckedContinuation<Result<PluginReply, PluginError>, Never>) in
        let call = PluginCall(
          id: id, name: request.name, answerName: request.answerName, frame: frame, limit: limit,
          deadline: .now + limit, waiter: waiter)
        if !inbox.send(.call(call)) {
          waiter.resume(returning: .failure(PluginError(program.name, .stopped, "is stopped")))
        } else if Task.isCancelled {
          // The handler may have run before there was a call to cancel.
          _ = inbox.send(.cancel(id))
        }
      }
    } onCancel: {
      _ = inbox.send(.cancel(id))
    }
    return try result.get()
  }

  /// What the program is given after a restart.
  func keep(_ memory: [UInt8]) { _ = inbox.send(.keep(memory)) }

  /// Lets earlier failures not count: they were somebody else's doing.
  func forgive() { _ = inbox.send(.forgive) }
}

/// What a program has said by the time it is ready.
struct PluginIntroduction: Sendable {
  let greeting: PluginGreeting
  let stated: PluginPolicy
  let policy: MechanismPolicy
}

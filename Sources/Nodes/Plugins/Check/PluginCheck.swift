package import Daemon
import Primitives
import SubnetKit

/// Tries whether a plugin program does what nodes expect: in both roles, with honest and with hostile answers.
package struct PluginCheck: Sendable {
  let program: PluginProgram
  let options: [String]
  let limits: PluginLimits
  let access: PluginAccess
  let log: Logger
  let rounds: Int

  /// - Parameter rounds: Whole rounds, from task to scores, that it must survive.
  package init(
    _ program: PluginProgram, options: [String] = [], limits: PluginLimits = PluginLimits(),
    access: PluginAccess = PluginAccess(), log: Logger, rounds: Int = 100
  ) {
    self.program = program
    self.options = options
    self.limits = limits
    self.access = access
    self.log = log
    self.rounds = rounds
  }

  /// Runs all checks, and tells of each when it is done.
  package func run(telling tell: @Sendable (PluginFinding) -> Void = { _ in }) async -> PluginVerdict {
    var trial = PluginTrial(check: self)
    for step in PluginTrial.steps {
      let outcome: PluginFinding.Outcome
      if trial.isBroken, !step.runsAnyway {
        outcome = .skipped
      } else {
        do {
          outcome = .passed(try await step.run(&trial))
        } catch let failure as CheckFailure {
          outcome = .failed(failure.what, advice: failure.advice)
          trial.isBroken = trial.isBroken || step.isNeeded
        } catch {
          outcome = .failed("\(error)", advice: PluginCheck.advice(for: error) ?? step.advice)
          trial.isBroken = trial.isBroken || step.isNeeded
        }
      }
      let finding = PluginFinding(name: step.name, outcome: outcome)
      trial.verdict.findings.append(finding)
      tell(finding)
    }
    await trial.stopAll()
    return trial.verdict
  }

  /// What to do about a mistake in the author's own code; nil where the check knows better.
  private static func advice(for error: any Error) -> String? {
    let mistake = "mend what it says; --verbose shows all that the program writes"
    switch error {
    case let error as PluginError:
      switch error.code {
      case .ended where error.message.hasPrefix("ended with exit code 0"):
        return "serve the node until standard input ends; in Python the last line is subnetkit.run(YourMechanism)"
      case .mechanism, .invalidPolicy, .ended, .notStarted: return mistake
      default: return nil
      }
    case let error as MechanismError: return error.code == .failed ? mistake : nil
    default: return nil
    }
  }

  func start(_ role: MechanismRole) async throws(PluginError) -> Plugin {
    try await Plugin.start(program, role: role, options: options, limits: limits, access: access, log: log)
  }
}

/// A check that failed, and what to do about it.
struct CheckFailure: Error {
  let what: String
  let advice: String
}

/// One check by its name.
struct CheckStep: Sendable {
  let name: String
  /// What to change where the failure itself does not say.
  let advice: String
  /// Whether the later ones make no sense without it.
  var isNeeded = false
  /// Whether it is tried after a failure of a needed one.
  var runsAnyway = false
  /// Gives a few words on what was seen.
  let run: @Sendable (inout PluginTrial) async throws -> String
}

import Daemon
import Market

/// `subnet econ check`: random operations on the ledger, with every invariant of the economy checked after each.
enum EconCheck {
  static let operations = Option(
    "operations", .integer(1...10_000_000_000), default: 1_000_000, purpose: "Operations in all.")
  static let seed = Option("seed", .integer(UInt64.min...UInt64.max), default: 1, purpose: "Of the first market.")
  static let table = CommandDescription(
    "check", purpose: "Try random operations on the ledger and check that its books close after each.",
    options: [operations, seed], example: "subnet econ check --operations 1000000")

  /// A market lasts this long; the next begins with the next seed and another genesis.
  private static let operationsEach = 1000

  static func run(_ arguments: ParsedArguments) -> ExitCode {
    let operations = arguments[operations]
    var line = ProgressLine("operation", of: UInt64(operations))
    var (seed, done, accepted) = (arguments[seed], 0, 0)
    while done < operations, !Task.isCancelled {
      var market = RandomMarket(seed: seed)
      let count = min(operationsEach, operations - done)
      if let broken = market.run(operations: count) {
        line.clear()
        Terminal.standardError.write("seed \(seed), \(broken)\n")
        return .invariantBroken
      }
      accepted += market.accepted
      done += count
      seed &+= 1
      if done.isMultiple(of: 10 * operationsEach) { line.show(UInt64(done)) }
    }
    line.clear()
    Terminal.standardOutput.write("\(done) operations, \(accepted) of them accepted; every invariant held\n")
    return .done
  }
}

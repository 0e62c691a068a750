import Daemon
import Keys
import Ledger
import Market
import Primitives

/// `subnet econ`: the economy of a scripted market or of a running chain.
enum EconTable {
  static let sample = CommandDescription(
    "sample", purpose: "Print a script for 'econ simulate' to begin with.",
    example: "subnet econ sample > market.json")
  static let table = CommandDescription(
    "econ", purpose: "Look at the economy: run a scripted market, or ask a running chain.",
    commands: [EconSimulate.table, sample, EconShow.table, EconCheck.table], example: EconSimulate.table.example)

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    switch arguments.command.last {
    case EconSimulate.table.name: return try EconSimulate.run(arguments)
    case EconShow.table.name: return try await EconShow.run(arguments)
    case EconCheck.table.name: return EconCheck.run(arguments)
    case sample.name:
      Terminal.standardOutput.write(MarketScenario.sampleText + "\n")
      return .done
    default: preconditionFailure("every sub-command of the table has a line here")
    }
  }
}

extension HostFunctions {
  /// For a ledger without a chain around it: accounts are names, so any of them is a key.
  static let offline = HostFunctions(
    hash: { Hash256(hashing: $0) }, isAcceptableKey: { _ in true }, decodeCall: { _ in nil })
}

package import Daemon
import Neurons
package import SubnetKit
import ZeroMQTransport

/// One sub-command of an author's executable: a way to run its mechanisms.
package struct SubnetMode: Sendable {
  package let table: CommandDescription
  /// Done for every mode before the command line is read, on the main thread.
  var prepare: @MainActor @Sendable () -> Void = {}
  let run: @Sendable (ParsedArguments) async throws -> ExitCode

  /// All modes, in the order of `--help`.
  package static func all(_ mechanisms: MechanismCatalogue) -> [SubnetMode] {
    [node(.miner, mechanisms), node(.validator, mechanisms)]
  }

  /// A node of that role, over ZeroMQ.
  private static func node(_ role: MechanismRole, _ mechanisms: MechanismCatalogue) -> SubnetMode {
    SubnetMode(
      table: NeuronCommand.table(role, mechanisms: mechanisms), prepare: { NeuronCommand.prepareProcess() },
      run: { arguments in try await NeuronCommand.run(role, mechanisms: mechanisms, over: .zeroMQ, arguments) })
  }
}

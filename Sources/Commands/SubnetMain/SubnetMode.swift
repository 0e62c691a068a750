package import Daemon
import Neurons
import Plugins
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
    [node(.miner, mechanisms), node(.validator, mechanisms), plugin(mechanisms)]
  }

  /// A node of that role, over ZeroMQ.
  private static func node(_ role: MechanismRole, _ mechanisms: MechanismCatalogue) -> SubnetMode {
    SubnetMode(
      table: NeuronCommand.table(role, mechanisms: mechanisms), prepare: { NeuronCommand.prepareProcess() },
      run: { arguments in try await NeuronCommand.run(role, mechanisms: mechanisms, over: .zeroMQ, arguments) })
  }

  /// The mechanism alone, for a node that started this program with `--plugin`.
  private static func plugin(_ mechanisms: MechanismCatalogue) -> SubnetMode {
    let subnet = Option(
      "subnet", .choice(mechanisms.names), default: mechanisms.names.first ?? "", purpose: "Mechanism to serve.")
    return SubnetMode(
      table: CommandDescription(
        PluginProgram.defaultArgument,
        purpose: "Serves the mechanism to a node that started this program with --plugin.", options: [subnet],
        example: "validator --netuid 1 --chain.key 5Grw... --plugin ./my-subnet"),
      run: { arguments in await PluginServer.run(try mechanisms.type(named: arguments[subnet])) })
  }
}

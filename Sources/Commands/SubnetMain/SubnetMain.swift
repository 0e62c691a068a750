package import Daemon
public import SubnetKit

/// Runs an author's mechanism as a miner or a validator: the whole of the `main.swift` of an author's executable.
///
/// ```swift
/// import SubnetMain
///
/// await SubnetMain(MyMechanism.self).run()
/// ```
///
/// The executable then has a sub-command for each role, with the flags of the `miner` and `validator` programs that come
/// with the kit: `my-subnet miner --netuid 1 --chain.key …`, `my-subnet validator …`. `--help` lists them.
public struct SubnetMain: Sendable {
  private let mechanisms: MechanismCatalogue

  /// - Parameter mechanisms: What `--subnet` chooses from; the first is the default.
  /// - Precondition: At least one; their names differ.
  public init(_ mechanisms: any IncentiveMechanism.Type...) {
    precondition(!mechanisms.isEmpty, "A subnet has a mechanism.")
    self.mechanisms = MechanismCatalogue(mechanisms)
  }

  /// Reads the command line, runs until the work is done or a signal ends it, and exits.
  @MainActor
  public func run() async -> Never {
    let modes = SubnetMode.all(mechanisms)
    for mode in modes { mode.prepare() }
    await runProgram(SubnetMain.table(of: modes, named: programName)) { arguments in
      guard let mode = modes.first(where: { $0.table.name == arguments.command.dropFirst().first }) else {
        preconditionFailure("every sub-command of the table is a mode")
      }
      return try await mode.run(arguments)
    }
  }

  /// The command line's table.
  package static func table(of modes: [SubnetMode], named name: String) -> CommandDescription {
    CommandDescription(
      name, purpose: "Runs a subnet's mechanism.", commands: modes.map(\.table),
      example: "\(name) miner --netuid 1 --wallet.hotkey //miner --chain.key 5Grw...")
  }

  /// The last part of the program's path.
  private var programName: String {
    CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "subnet"
  }
}

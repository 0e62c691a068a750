import Daemon

/// `subnet`: the table of its sub-commands, and who runs which.
enum SubnetCommand {
  static let table = CommandDescription(
    "subnet", purpose: "Run, look at and work with incentive networks.",
    commands: [
      NewCommand.table, UpCommand.table, ListCommand.table, StatusCommand.table, ViewCommand.table, LogsCommand.table,
      StopCommand.table,
      CleanCommand.table,
    ] + NodeCommands.tables + [
      TestCommand.table,
      ControlCommand.advance, FaucetCommand.table, CallCommand.table, QueryCommand.table, ExplainCommand.table,
      WalletCommand.table, ControlCommand.table, PluginCheckCommand.plugin, EconTable.table, YumaTable.yuma,
      YumaTable.bench,
    ],
    example: "subnet up")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    switch arguments.command.dropFirst().first {
    case NewCommand.table.name: return try NewCommand.run(arguments)
    case UpCommand.table.name: return try await UpRun.run(arguments)
    case ViewCommand.table.name: return try await ViewCommand.run(arguments)
    case ListCommand.table.name: return try await ListCommand.run(arguments)
    case StatusCommand.table.name: return try await StatusCommand.run(arguments)
    case LogsCommand.table.name: return try await LogsCommand.run(arguments)
    case StopCommand.table.name: return try await StopCommand.run(arguments)
    case CleanCommand.table.name: return try CleanCommand.run(arguments)
    case TestCommand.table.name: return try await TestRun.run(arguments)
    case FaucetCommand.table.name: return try await FaucetCommand.run(arguments)
    case ControlCommand.advance.name: return try await ControlCommand.run(arguments)
    case let name? where NodeCommands.tables.contains { $0.name == name }: return try await NodeCommands.run(arguments)
    case CallCommand.table.name: return try await CallCommand.run(arguments)
    case QueryCommand.table.name: return try await QueryCommand.run(arguments)
    case ExplainCommand.table.name: return try ExplainCommand.run(arguments)
    case WalletCommand.table.name: return try WalletCommand.run(arguments)
    case EconTable.table.name: return try await EconTable.run(arguments)
    case ControlCommand.table.name: return try await ControlCommand.run(arguments)
    case PluginCheckCommand.plugin.name: return try await PluginCheckCommand.run(arguments)
    case YumaTable.yuma.name: return YumaTable.run(arguments)
    case YumaTable.bench.name: return try await YumaTable.runBench(arguments)
    default: preconditionFailure("every sub-command of the table has a line here")
    }
  }
}

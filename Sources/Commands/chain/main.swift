import Daemon

await runProgram(ChainCommand.table) { arguments in try await ChainCommand.run(arguments) }

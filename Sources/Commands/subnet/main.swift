import Daemon

await runProgram(SubnetCommand.table) { arguments in
  try await SubnetCommand.run(arguments)
}

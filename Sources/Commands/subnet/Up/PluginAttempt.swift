import Daemon
import Localnet
import Plugins
import SubnetKit

/// Starts a changed program as a node would, with the options of that node, and lets it end.
let tryPlugin: ProgramWatch.Attempt = { (program, role, options) async throws(ProgramError) in
  let log = Logger(name: "plugin", level: .error, to: RecordedLog())
  do throws(PluginError) {
    let plugin = try await Plugin.start(
      Plugins.PluginProgram(program.path, arguments: program.arguments), role: role == .miner ? .miner : .validator,
      options: options, log: log)
    await plugin.stop()
  } catch {
    throw ProgramError.notStarting(reason: error.description)
  }
}

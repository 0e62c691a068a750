import Daemon

/// A value on the command line that only the command itself could judge.
struct CommandMistake: ExitCoding, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  var exitCode: ExitCode { .usage }
}

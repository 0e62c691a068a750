import Glibc

/// Runs a command from its arguments to its exit code: help, usage errors, then the body.
///
/// ```swift
/// await runProgram(ChainCommand.table) { arguments in ... }  // the whole of a main.swift
/// ```
@MainActor
package func runProgram(
  _ table: CommandDescription, _ body: @Sendable (ParsedArguments) async throws -> ExitCode
) async -> Never {
  setUpProcess()
  let code = await outcome(
    of: table, arguments: CommandLine.arguments.dropFirst(), environment: processEnvironment(),
    output: { Terminal.standardOutput.write($0) }, errorOutput: { Terminal.standardError.write($0) }, body)
  exit(code.rawValue)
}

/// The same without touching the process, for tests.
package func outcome(
  of table: CommandDescription, arguments: some Sequence<String>, environment: [String: String],
  output: @Sendable (String) -> Void, errorOutput: @Sendable (String) -> Void,
  _ body: @Sendable (ParsedArguments) async throws -> ExitCode
) async -> ExitCode {
  do {
    switch try table.parse(arguments, environment: environment) {
    case .help(let text):
      output(text)
      return .done
    case .run(let parsed):
      return try await body(parsed)
    }
  } catch is CancellationError {
    return .done
  } catch {
    errorOutput("\(table.name): \(error)\n")
    return (error as? any ExitCoding)?.exitCode ?? .failed
  }
}

import Daemon

extension AuthorProgram {
  /// Lines of the compiler's errors that are shown at most.
  private static let errorLineLimit = 30

  /// Builds the program, where it is part of a Swift package, and checks that it is there then.
  ///
  /// - Parameter folder: Its `build.log` takes what the compiler says.
  /// - Throws: `ProgramError`; `CancellationError` after which the compiler has ended too.
  package func build(logIn folder: StateFolder) async throws {
    let log = folder.buildLog
    if let command = try buildCommand(log: log) {
      try removeTree(log)
      let compiler = try await ChildProcess.start(command)
      let status: ExitStatus
      do {
        status = try await compiler.ended()
      } catch {
        await compiler.stop()
        throw error
      }
      guard status.isSuccess else {
        throw ProgramError.notBuilt(package: package ?? path, errors: AuthorProgram.errors(in: log), log: log)
      }
    }
    try checkIsProgram()
    guard isThere else { throw ProgramError.missing(path: path) }
  }

  /// The compiler's errors, each once and with the lines that show the place; the last lines where it names none.
  static func errors(in log: String) -> [String] {
    let lines = logTail(of: log, lineLimit: 2000, byteLimit: 1 << 20)
    var shown: [String] = []
    var known: Set<String> = []
    var isInside = false
    for line in lines {
      if line.contains(": error: ") || line.hasPrefix("error: ") {
        isInside = known.insert(line).inserted
      } else if !line.hasPrefix(" ") {
        isInside = false
      }
      if isInside { shown.append(line) }
    }
    return Array((shown.isEmpty ? lines.suffix(10) : shown[...]).prefix(errorLineLimit))
  }
}

extension StateFolder {
  /// What the compiler last said.
  package var buildLog: String { "\(path)/logs/build.log" }
}

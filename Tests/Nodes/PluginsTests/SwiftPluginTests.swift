import Daemon
import Glibc
import Plugins
import SubnetKit
import Testing

/// The folder of this program, where the executables that were built with it are.
private var buildFolder: String? {
  guard let pointer = realpath("/proc/self/exe", nil) else { return nil }
  defer { free(pointer) }
  let path = String(cString: pointer)
  return path.lastIndex(of: "/").map { String(path[..<$0]) }
}

/// An author's executable as a node starts it, confined like any other program.
@Suite(.timeLimit(.minutes(20))) struct SwiftPluginTests {
  @Test(arguments: [[], ["plugin", "--subnet", "text"]])
  func aSwiftExecutablePassesTheConformanceSuite(arguments: [String]) async throws {
    let log = RecordedLog()
    let folder = try #require(buildFolder)
    let program = try PluginProgram("\(folder)/swift-plugin", arguments: arguments)
    let verdict = await PluginCheck(
      program, limits: .patient, log: Logger(name: "test", to: log), rounds: 10
    ).run()
    #expect(verdict.isPassed, "\(verdict.findings.filter { $0.isFailure }) \(log.lines.suffix(5))")
    #expect(verdict.greeting?.name == (arguments.last ?? "adder"))
  }
}

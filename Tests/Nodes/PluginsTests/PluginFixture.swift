import Daemon
import Glibc
import Plugins
import Primitives
import PythonModule
import SubnetKit
import Testing

/// Whether the tests that need Python can run: plugins have no search path, so it must stand where systems keep it.
let hasPython = access("/usr/bin/python3", X_OK) == 0

/// A folder with one Python plugin beside the module that it imports; gone with its last reference.
final class PluginFixture: Sendable {
  let folder: String
  let log = RecordedLog()

  init() throws {
    var template = Array("/tmp/plugin-tests.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    // Open to others, as a checked-out repository is: then a plugin of root's gets a user of its own.
    chmod(folder, 0o755)
  }

  deinit {
    for name in ["plugin.py", "subnetkit.py", "secret", "go"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  var logger: Logger { Logger(name: "test", level: .debug, to: log) }

  /// Writes a program.
  func program(_ source: String) throws -> PluginProgram {
    try AtomicFile("\(folder)/subnetkit.py", mode: 0o644).write(PythonFiles.module)
    try AtomicFile("\(folder)/plugin.py", mode: 0o755).write(Array(source.utf8))
    return try PluginProgram("\(folder)/plugin.py")
  }

  /// Starts a program of which only the parts that matter are given.
  func start(
    _ source: String, role: MechanismRole = .validator, options: [String] = [], limits: PluginLimits = .forTests,
    access: PluginAccess = PluginAccess()
  ) async throws -> Plugin {
    try await Plugin.start(
      try program(source), role: role, options: options, limits: limits, access: access, log: logger)
  }

  /// Waits until the log holds a line with these words; the time is a net.
  func logged(_ words: String, within limit: Duration = .seconds(240)) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if log.lines.contains(where: { $0.contains(words) }) { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }
}

extension PluginLimits {
  /// Times that no test waits out, wide enough for a loaded machine.
  static var patient: PluginLimits {
    var limits = PluginLimits()
    limits.callTime = .seconds(120)
    limits.startTime = .seconds(300)
    limits.endTime = .seconds(120)
    return limits
  }

  /// Patient, and tight enough otherwise for misdeeds to end soon.
  static var forTests: PluginLimits {
    var limits = patient
    limits.restartDelay = .milliseconds(10)
    limits.restartDelayLimit = .milliseconds(100)
    limits.memoryBytes = 256 << 20
    limits.fileBytes = 1 << 20
    limits.folderBytes = 4 << 20
    limits.folderEntries = 100
    return limits
  }
}

/// The text of the example that authors copy.
let sums = String(decoding: PythonFiles.example, as: UTF8.self)

extension Round {
  static let first = Round(number: 0, block: BlockNumber(7), netuid: NetUID(1))
}

extension ScoreContext {
  static let now = ScoreContext(round: .first, block: BlockNumber(7), deadline: .seconds(3))
}

extension AnswerBytes {
  static func of(_ uid: UInt16, _ text: String) -> AnswerBytes {
    AnswerBytes(miner: .of(uid), uid: UID(uid), response: Array(text.utf8), latency: .milliseconds(300))
  }
}

extension Hotkey {
  static func of(_ number: UInt16) -> Hotkey {
    guard let hotkey = Hotkey([UInt8](repeating: UInt8(number), count: 32)) else {
      preconditionFailure("A hotkey has 32 bytes.")
    }
    return hotkey
  }
}

extension ForwardContext {
  static let soon = ForwardContext(
    caller: .of(9), uid: UID(3), block: BlockNumber(7), timeRemaining: .seconds(30))
}

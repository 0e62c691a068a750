import Daemon
import Glibc
import SubnetKit
import Wire

/// All that it takes to start a plugin program, the first time and again.
struct PluginLaunch: Sendable {
  let program: PluginProgram
  let role: MechanismRole
  let options: [String]
  let limits: PluginLimits
  let access: PluginAccess
  let paths: ReadablePaths
  let protections: PluginProtections
  let log: Logger

  init(
    _ program: PluginProgram, role: MechanismRole, options: [String], limits: PluginLimits, access: PluginAccess,
    log: Logger
  ) {
    self.program = program
    self.role = role
    self.options = options
    self.limits = limits
    self.access = access
    self.log = log
    paths = ReadablePaths(for: program, access, home: getenv("HOME").map { String(cString: $0) })
    protections = PluginProtections(for: paths, in: WorkFolder.root)
  }

  /// Refuses a greeting that this node cannot work with.
  ///
  /// - Parameter before: What the program said when it was started first.
  func check(_ greeting: PluginGreeting, after before: PluginGreeting?) throws(PluginError) {
    guard greeting.protocolVersion == PluginRequest.protocolVersion else {
      throw PluginError(
        program.name, .wrongProtocol,
        """
        speaks plugin protocol \(greeting.protocolVersion), and this node speaks \(PluginRequest.protocolVersion): \
        use the plugin module that came with this node
        """)
    }
    guard isSynapseName(greeting.name) else {
      throw PluginError(
        program.name, .garbage, "calls its mechanism '\(greeting.name)'; a name is 1 to 64 of a-z 0-9 _ -")
    }
    if let before, before.name != greeting.name || before.version != greeting.version {
      throw PluginError(
        program.name, .notStarted,
        "is now \(greeting.name) \(greeting.version), and was \(before.name) \(before.version): start the node again")
    }
  }

  private func isSynapseName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }
}

extension PluginRequest {
  /// The bytes of the message, or why it cannot be asked.
  func encoded(id: UInt64, timeLimit: Duration, for plugin: String) throws(PluginError) -> [UInt8] {
    do throws(WireError) {
      return try encoded(id: id, timeLimit: timeLimit)
    } catch {
      throw PluginError(plugin, .requestTooLarge, "cannot be asked \(name): \(error)")
    }
  }
}

extension PluginReply {
  /// What a message says; a message that is none is the program's fault.
  static func decoded(_ message: [UInt8], from plugin: String) throws(PluginError) -> (id: UInt64, reply: PluginReply) {
    do throws(WireError) {
      let (id, reply) = try decode(message)
      if let reply { return (id, reply) }
    } catch {
      throw PluginError(plugin, .garbage, "wrote \(message.count) bytes that are no answer: \(error)")
    }
    throw PluginError(plugin, .garbage, "wrote an answer that says nothing")
  }
}

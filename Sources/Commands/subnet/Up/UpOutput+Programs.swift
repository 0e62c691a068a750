import Daemon
import JSONText
import Localnet

// The author's program: its building, and its changes while the network runs.
extension UpOutput {
  /// Builds the author's program, if it has one that is to be built, and says so.
  static func build(_ program: AuthorProgram?, in folder: StateFolder, _ form: Form) async throws {
    guard let program else { return }
    if let package = program.package {
      switch form {
      case .json: Terminal.standardOutput.write((["event": "building"] as JSONValue).compactText + "\n")
      case .text:
        Terminal.standardOutput.write("Building \(program.name) in \(package); the first time takes minutes.\n")
      }
    }
    try await program.build(logIn: StateFolder(making: folder.path))
  }

  /// What became of a program that changed; the network goes on whatever it is.
  func show(_ event: ProgramWatch.Event) {
    switch form {
    case .json: write(document(of: event))
    case .text: for line in lines(of: event) { note(line) }
    }
  }

  private func document(of event: ProgramWatch.Event) -> JSONValue {
    switch event {
    case .building: ["event": "building"]
    case .notBuilt(let error): ["event": "not_built", "reason": .text("\(error)")]
    case .notStarting(let error): ["event": "not_starting", "reason": .text("\(error)")]
    case .restarted(let nodes, let time):
      [
        "event": "restarted", "nodes": .list(nodes.map { .text("\($0)") }),
        "restart_ms": JSONValue(time.wholeMilliseconds),
      ]
    case .notRestarted(let node, let reason):
      ["event": "not_restarted", "node": .text("\(node)"), "reason": .text(reason)]
    }
  }

  private func lines(of event: ProgramWatch.Event) -> [String] {
    switch event {
    case .building: ["The sources changed: building."]
    case .notBuilt(let error):
      ["NOT BUILT, the network goes on as it is:"] + "\(error)".split(separator: "\n").map(String.init)
    case .notStarting(let error):
      ["NOT STARTING, every node goes on with the program that it has:"]
        + "\(error)".split(separator: "\n").map(String.init)
    case .restarted(let nodes, let time):
      ["Started again after \(seconds(time.wholeMilliseconds)): \(nodes.map(\.description).joined(separator: ", "))"]
    case .notRestarted(let node, let reason):
      ["NOT STARTED: \(node) has the changed program; the others go on as they are:"]
        + reason.split(separator: "\n").map(String.init)
    }
  }
}

import Daemon
import JSONText
import Localnet

/// `subnet status`: a network and its nodes, as its launcher knows them.
enum StatusCommand {
  static let json = Option(flag: "json", purpose: "One JSON object.")
  static let table = CommandDescription(
    "status", purpose: "Show a running network and each of its nodes; exit code 1 when it does not run.",
    options: NetworkOptions.all + [json], example: "subnet status --json")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let network = try NetworkOptions.network(arguments, stoppedWillDo: true)
    guard network.isRunning || !arguments[json] else {
      let document: JSONValue = [
        "name": .text(network.name), "state": "stopped",
        "work": network.folder.launcher.map { .text($0.work) } ?? .null,
        "folder": .text(network.folder.path),
      ]
      Terminal.standardOutput.write(document.compactText + "\n")
      return .failed
    }
    let status = try await network.ask(.status)
    let text = arguments[json] ? status.compactText : NetworkStatusText(status).lines.joined(separator: "\n")
    Terminal.standardOutput.write(text + "\n")
    return .done
  }
}

/// A launcher's answer as text.
struct NetworkStatusText {
  private let document: JSONValue

  init(_ document: JSONValue) { self.document = document }

  var lines: [String] {
    let next = document["next_epoch_block"].map { $0.isNull ? "" : ", next epoch at block \(word($0))" } ?? ""
    return [
      "Network \(member("name")) (\(member("work"))): \(member("state")), block \(member("height"))\(next), "
        + "\(member("settled_epochs")) settled epochs",
      "Launcher: process \(member("launcher")). Chain: \(member("chain")). Folder: \(member("folder"))",
    ] + note + NetworkStatusText.table((try? document.member("nodes").elements()) ?? [])
  }

  private var note: [String] { (try? document.member("note").string()).map { ["Note: \($0)"] } ?? [] }

  /// Nodes as rows.
  static func table(_ nodes: [JSONValue]) -> [String] {
    var table = TextTable([
      .init("node"), .init("state"), .init("pid", .trailing), .init("starts", .trailing), .init("endpoint"),
      .init("note"),
    ])
    for node in nodes {
      table.append([
        word(node["name"]), word(node["state"]), word(node["pid"]), word(node["starts"]), word(node["endpoint"]),
        notes(node).joined(separator: ", "),
      ])
    }
    return table.lines().map { "  " + $0 }
  }

  private static func notes(_ node: JSONValue) -> [String] {
    var notes: [String] = []
    if let exit = try? node.member("exit").string() { notes.append("ended with \(exit)") }
    if node["disconnected"] == .flag(true) { notes.append("disconnected") }
    if let delay = try? node.member("delay_ms").integer(Int64.self), delay > 0 {
      notes.append("delayed by \(Duration.milliseconds(delay).text)")
    }
    return notes
  }

  private func member(_ name: String) -> String { NetworkStatusText.word(document[name]) }
  private func word(_ value: JSONValue) -> String { NetworkStatusText.word(value) }

  private static func word(_ value: JSONValue?) -> String {
    switch value {
    case .text(let text): text
    case .null, nil: "-"
    case let value?: value.compactText
    }
  }
}

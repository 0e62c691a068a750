import Daemon
import JSONText
import Localnet

/// `subnet ls`: every network that this user has on this machine.
enum ListCommand {
  static let json = Option(flag: "json", purpose: "One JSON list.")
  static let table = CommandDescription(
    "ls", purpose: "List the networks on this machine, running and stopped.", options: [json], example: "subnet ls")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let networks = try NetworkHome().networks
    let rows = await withTaskGroup(of: (Int, JSONValue).self) { group in
      for (index, network) in networks.enumerated() { group.addTask { (index, await row(of: network)) } }
      var rows: [(Int, JSONValue)] = []
      for await row in group { rows.append(row) }
      return rows.sorted { $0.0 < $1.0 }.map(\.1)
    }
    let output = Terminal.standardOutput
    if arguments[json] {
      output.write(JSONValue.list(rows).compactText + "\n")
    } else if rows.isEmpty {
      output.write("There is no network on this machine; start one with 'subnet up'.\n")
    } else {
      output.write(text(rows).joined(separator: "\n") + "\n")
    }
    return .done
  }

  private static func row(of network: KnownNetwork) async -> JSONValue {
    let record = network.folder.launcher
    let status: JSONValue?
    do throws(NetworkRefusal) {
      status = network.isRunning ? try await network.ask(.status, within: .seconds(3)) : nil
    } catch {
      // It ended just now, or does not answer; the list tells the state by the lock alone.
      status = nil
    }
    let nodes = try? status?.member("nodes").elements()
    return [
      "name": .text(network.name),
      "state": status?["state"] ?? (network.isRunning ? "not answering" : "stopped"),
      "work": record.map { .text($0.work) } ?? .null, "kept": .flag(record?.isKept ?? false),
      "launcher": network.isRunning ? record.map { JSONValue($0.pid) } ?? .null : .null,
      "started": record.map { .text($0.since) } ?? .null, "height": status?["height"] ?? .null,
      "nodes": nodes.map { JSONValue($0.count) } ?? .null, "folder": .text(network.folder.path),
    ]
  }

  private static func text(_ rows: [JSONValue]) -> [String] {
    var table = TextTable([
      .init("name"), .init("state"), .init("runs"), .init("nodes", .trailing), .init("block", .trailing),
      .init("launcher", .trailing), .init("started"), .init("folder"),
    ])
    for row in rows {
      table.append(
        ["name", "state", "work", "nodes", "height", "launcher", "started", "folder"].map { name in
          switch row[name] {
          case .text(let text): text
          case .null, nil: "-"
          case let value?: value.compactText
          }
        })
    }
    return table.lines()
  }
}

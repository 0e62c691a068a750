import Daemon
import JSONText

/// What a command may ask of a running network's launcher.
package enum ControlRequest: Sendable, Hashable {
  /// What is done to a node by one word.
  package enum Action: String, Sendable, CaseIterable {
    case kill, restart, pause, resume, disconnect, reconnect
  }

  case status
  case act(Action, [NodeName])
  /// Every message to and from the nodes takes so much longer.
  case delay([NodeName], by: Duration)
  case scale(NodeRole, to: Int)
  case stop

  /// The request as one line of the protocol.
  package var line: String {
    let document: JSONValue =
      switch self {
      case .status: ["do": "status"]
      case .stop: ["do": "stop"]
      case .act(let action, let nodes): ["do": .text(action.rawValue), "nodes": list(nodes)]
      case .delay(let nodes, let delay):
        ["do": "delay", "nodes": list(nodes), "delay_ms": JSONValue(delay.wholeMilliseconds)]
      case .scale(let role, let count): ["do": "scale", "role": .text(role.rawValue), "count": JSONValue(count)]
      }
    return document.compactText
  }

  /// The longest that a node's messages are held back.
  package static let delayLimit: Duration = .seconds(60)

  /// - Throws: A sentence about what is wrong with the line.
  package init(parsing line: String) throws(NetworkRefusal) {
    guard let document = try? JSONValue(parsing: line), let word = try? document.member("do").string() else {
      throw .refused("a request is one JSON object with \"do\"", .usage)
    }
    if let action = Action(rawValue: word) {
      self = .act(action, try nodes(in: document))
      return
    }
    switch word {
    case "status": self = .status
    case "stop": self = .stop
    case "delay":
      guard let milliseconds = try? document.member("delay_ms").integer(Int64.self),
        (0...ControlRequest.delayLimit.wholeMilliseconds).contains(milliseconds)
      else { throw .refused("\"delay_ms\" is a whole number up to \(ControlRequest.delayLimit.text)", .usage) }
      self = .delay(try nodes(in: document), by: .milliseconds(milliseconds))
    case "scale":
      guard let role = (try? document.member("role").string()).flatMap(NodeRole.init), role != .chain,
        let count = try? document.member("count").integer(Int.self), (0...LocalnetPlan.neuronLimit).contains(count)
      else {
        throw .refused(
          "\"role\" is miner or validator, \"count\" a whole number from 0 to \(LocalnetPlan.neuronLimit)", .usage)
      }
      self = .scale(role, to: count)
    default:
      throw .refused(
        "the launcher does not know \"\(escapedText(word, limit: 80))\"; it may be of another release", .usage)
    }
  }

  /// How long a command waits for the answer: the launcher's own limits, and those of a request that came before.
  package var limit: Duration {
    switch self {
    case .status: .seconds(30)
    default: .seconds(600)
    }
  }
}

private func list(_ nodes: [NodeName]) -> JSONValue { .list(nodes.map { .text("\($0)") }) }

private func nodes(in document: JSONValue) throws(NetworkRefusal) -> [NodeName] {
  guard let texts = try? document.member("nodes").elements().map({ try $0.string() }), !texts.isEmpty,
    texts.count <= 2 * LocalnetPlan.neuronLimit + 1
  else { throw .refused("\"nodes\" is a list of names", .usage) }
  var nodes: [NodeName] = []
  for text in texts {
    guard let node = NodeName(text) else {
      throw .refused("\"\(escapedText(text, limit: 80))\" is no node: names are chain, validator-1, miner-1", .usage)
    }
    nodes.append(node)
  }
  return nodes
}

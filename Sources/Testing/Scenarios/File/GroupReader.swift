import Daemon
import JSONText
import Localnet
import Neurons
import SubnetKit

/// Reads the groups of nodes: `miners: 4`, or `miners: { honest: 3, liars: { count: 1, behaviour: 'garbage' } }`.
struct GroupReader {
  private static let reserved = ["all", "chain", "validators", "miners"]

  let path: String

  func groups(
    validators: JSON5Value?, miners: JSON5Value?, in scenario: ObjectReader
  ) throws(ScenarioFileError) -> [NodeGroup] {
    guard let validators else { throw scenario.error("a scenario needs 'validators': how many, or groups of them") }
    guard let miners else { throw scenario.error("a scenario needs 'miners': how many, or groups of them") }
    var drafts = try drafts(of: .validator, validators)
    drafts += try self.drafts(of: .miner, miners)
    for (index, draft) in drafts.enumerated() where drafts[..<index].contains(where: { $0.name == draft.name }) {
      throw ScenarioFileError(
        path: path, place: draft.place, "the name '\(draft.name)' stands for two groups; give each its own")
    }
    var groups: [NodeGroup] = []
    for draft in drafts { groups.append(try group(draft, among: drafts)) }
    return groups
  }

  /// A group before the names in it are looked up.
  private struct Draft {
    let name: String
    let place: TextPlace
    let role: NodeRole
    let nodes: [NodeName]
    var reader: ObjectReader?
  }

  private func drafts(of role: NodeRole, _ value: JSON5Value) throws(ScenarioFileError) -> [Draft] {
    let key = role == .miner ? "miners" : "validators"
    if case .integer = value.content {
      let reader = ObjectReader(path: path, what: key, place: value.place)
      let count = try reader.whole(key, value, in: 1...LocalnetPlan.neuronLimit)
      return [Draft(name: key, place: value.place, role: role, nodes: nodes(of: role, after: 0, count: count))]
    }
    let reader = try ObjectReader(value, "'\(key)'", keys: nil, path: path)
    var drafts: [Draft] = []
    var total = 0
    for member in reader.members {
      try check(name: member.name, at: member.place)
      var draft = Draft(name: member.name, place: member.place, role: role, nodes: [])
      let count: Int
      if case .integer = member.value.content {
        count = try reader.whole(member.name, member.value, in: 1...LocalnetPlan.neuronLimit)
      } else {
        let group = try ObjectReader(
          member.value, "the group '\(member.name)'",
          keys: ["count", "behaviour", "options", "delay", "of", "with"], path: path)
        count = try group.whole("count", group.required("count"), in: 1...LocalnetPlan.neuronLimit)
        draft.reader = group
      }
      draft = Draft(
        name: draft.name, place: draft.place, role: role, nodes: nodes(of: role, after: total, count: count),
        reader: draft.reader)
      total += count
      drafts.append(draft)
    }
    guard (1...LocalnetPlan.neuronLimit).contains(total) else {
      throw reader.error("there are \(total) \(key); a network has 1 to \(LocalnetPlan.neuronLimit)")
    }
    return drafts
  }

  private func nodes(of role: NodeRole, after last: Int, count: Int) -> [NodeName] {
    (last + 1...last + count).map { role == .miner ? .miner($0) : .validator($0) }
  }

  private func check(name: String, at place: TextPlace) throws(ScenarioFileError) {
    let isPlain =
      (1...32).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
    guard isPlain else {
      throw ScenarioFileError(path: path, place: place, "a group's name is 1 to 32 of a-z 0-9 _ -")
    }
    let tail = name.split(separator: "-", omittingEmptySubsequences: false).last ?? ""
    guard !GroupReader.reserved.contains(name), name == tail || UInt64(tail) == nil else {
      throw ScenarioFileError(
        path: path, place: place,
        "'\(name)' cannot be a group's name: \(alternatives(GroupReader.reserved)) and names such as honest-1 have a "
          + "meaning already")
    }
  }

  private func group(_ draft: Draft, among drafts: [Draft]) throws(ScenarioFileError) -> NodeGroup {
    guard let reader = draft.reader else {
      return NodeGroup(name: draft.name, role: draft.role, nodes: draft.nodes, behaviour: .honest, options: [])
    }
    let role: MechanismRole = draft.role == .miner ? .miner : .validator
    var behaviour = Behaviour.honest
    if let value = reader["behaviour"] {
      let kinds = Behaviour.Kind.allCases.filter { $0.summary(of: role) != nil }.map(\.rawValue)
      let word = try reader.word("behaviour", value, of: kinds)
      behaviour = Behaviour(Behaviour.Kind(rawValue: word) ?? .honest)
    }
    for (key, kind) in [("delay", Behaviour.Kind.slow), ("of", .copycat), ("with", .colluding)] {
      guard let value = reader[key] else { continue }
      guard behaviour.kind == kind else {
        throw reader.error("'\(key)' is for the behaviour '\(kind.rawValue)' alone", at: value.place)
      }
      if key == "delay" {
        behaviour.delay = try reader.duration(key, value, in: .milliseconds(1) ... .seconds(300))
      } else {
        behaviour.peers = try peers(key, value, in: reader, among: drafts)
      }
    }
    if behaviour.kind == .colluding, behaviour.peers.isEmpty {
      guard role == .miner else { throw reader.error("a colluding validator needs 'with': whom it gives its weights") }
      behaviour.peers = draft.nodes.compactMap { BehaviourPeer($0.description) }
    }
    return NodeGroup(
      name: draft.name, role: draft.role, nodes: draft.nodes, behaviour: behaviour, options: try reader.options())
  }

  private func peers(
    _ key: String, _ value: JSON5Value, in reader: ObjectReader, among drafts: [Draft]
  ) throws(ScenarioFileError) -> [BehaviourPeer] {
    var peers: [BehaviourPeer] = []
    for name in try reader.texts(key, value) {
      let nodes = drafts.flatMap { draft in
        draft.nodes.enumerated().filter { index, node in
          name == draft.name || name == "\(draft.name)-\(index + 1)" || name == node.description
        }.map(\.element)
      }
      guard !nodes.isEmpty else {
        throw reader.error(
          "'\(key)' names '\(escapedText(name, limit: 80))', which is no group and no node; there are "
            + alternatives(drafts.map(\.name)), at: value.place)
      }
      peers += nodes.compactMap { BehaviourPeer($0.description) }
    }
    return peers
  }
}

extension ObjectReader {
  /// For a value that stands alone.
  init(path: String, what: String, place: TextPlace) {
    self.path = path
    self.what = what
    self.place = place
    members = []
  }
}

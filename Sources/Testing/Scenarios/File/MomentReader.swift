import Daemon
import JSONText
import Localnet

/// Reads what happens at a moment: faults, and what is expected.
struct MomentReader {
  private static let actions = ["kill", "restart", "pause", "resume", "disconnect", "reconnect", "delay"]
  private static let subjects = [
    "incentive_share", "dividend_share", "earnings", "registered", "serving", "permits", "weights_set", "score",
    "answered", "supply", "chain", "alive",
  ]
  private static let timings = ["by_block", "by_epoch", "at_block", "at_epoch", "always"]
  private static let furthest: UInt64 = 1_000_000

  /// Of the file, with its groups.
  let scenario: Scenario

  func end(_ value: JSON5Value) throws(ScenarioFileError) -> ScenarioEnd {
    let reader = try ObjectReader(value, "'until'", keys: ["blocks", "epochs"], path: scenario.path)
    guard let member = try reader.only(of: ["blocks", "epochs"]) else {
      throw reader.error("'until' needs 'blocks' or 'epochs'")
    }
    let number = try reader.whole(member.name, member.value, in: 1...MomentReader.furthest)
    return member.name == "blocks" ? .block(number) : .epoch(number)
  }

  // MARK: Faults

  func fault(_ value: JSON5Value) throws(ScenarioFileError) -> ScenarioFault {
    let reader = try ObjectReader(
      value, "a fault", keys: ["at_block", "at_epoch"] + MomentReader.actions + ["for_blocks", "by"],
      path: scenario.path)
    guard let action = try reader.only(of: MomentReader.actions) else {
      throw reader.error("a fault needs one of \(alternatives(MomentReader.actions)), with the node or group")
    }
    guard let time = try reader.only(of: ["at_block", "at_epoch"]) else {
      throw reader.error("a fault needs 'at_block' or 'at_epoch'")
    }
    let number = try reader.whole(time.name, time.value, in: 0...MomentReader.furthest)
    let kind = try self.action(action, in: reader)
    var blocks: UInt64?
    if let value = reader["for_blocks"] {
      guard kind.undoing != nil else {
        throw reader.error("'for_blocks' is for faults that can be undone; '\(action.name)' ends one", at: value.place)
      }
      blocks = try reader.whole("for_blocks", value, in: 1...MomentReader.furthest)
    }
    var nodes: [NodeName] = []
    for name in try reader.texts(action.name, action.value) {
      nodes += try set(name, action.name, at: action.value.place, in: reader).nodes
    }
    return ScenarioFault(
      moment: time.name == "at_block" ? .block(number) : .epoch(number), action: kind, nodes: nodes, blocks: blocks,
      line: value.place.line)
  }

  private func action(
    _ member: JSON5Member, in reader: ObjectReader
  ) throws(ScenarioFileError) -> ScenarioFault.Action {
    if member.name == "delay" {
      return .delay(try reader.duration("by", reader.required("by"), in: .zero ... .seconds(60)))
    }
    if let by = reader["by"] { throw reader.error("'by' is for 'delay' alone", at: by.place) }
    switch member.name {
    case "kill": return .kill
    case "restart": return .restart
    case "pause": return .pause
    case "resume": return .resume
    case "disconnect": return .disconnect
    default: return .reconnect
    }
  }

  /// The nodes that a name stands for.
  private func set(
    _ name: String, _ key: String, at place: TextPlace, in reader: ObjectReader
  ) throws(ScenarioFileError) -> NodeSet {
    guard let nodes = scenario.nodes(named: name) else {
      let near = nearestName(to: name, in: scenario.nodeNames).map { "; did you mean '\($0)'?" } ?? "."
      throw reader.error(
        "'\(key)' names '\(escapedText(name, limit: 80))', which is no group and no node\(near) There are "
          + "\(alternatives(scenario.nodeNames)), and single nodes such as \(scenario.groups[0].name)-1", at: place)
    }
    return NodeSet(name, nodes)
  }

  // MARK: Expectations

  func expectation(_ value: JSON5Value) throws(ScenarioFileError) -> Expectation {
    let all =
      MomentReader.subjects + ["at_least", "at_most", "compared_to", "from_epoch", "after_block"]
      + MomentReader.timings + ["from_block"]
    let reader = try ObjectReader(value, "an expectation", keys: all, path: scenario.path)
    guard let member = try reader.only(of: MomentReader.subjects) else {
      throw reader.error("an expectation is about one of \(alternatives(MomentReader.subjects))")
    }
    let (subject, nodes) = try subject(member, in: reader)
    let bounds = try bounds(of: subject, member.name, in: reader)
    return Expectation(
      subject: subject, nodes: nodes, bounds: bounds, timing: try timing(in: reader), line: value.place.line)
  }

  private func subject(
    _ member: JSON5Member, in reader: ObjectReader
  ) throws(ScenarioFileError) -> (Expectation.Subject, NodeSet) {
    try refuse(["compared_to", "from_epoch"], unless: member.name == "earnings", "earnings", in: reader)
    try refuse(["after_block"], unless: member.name == "weights_set", "weights_set", in: reader)
    let everything = NodeSet("all", scenario.nodes(named: "all") ?? [])
    switch member.name {
    case "supply":
      _ = try reader.word("supply", member.value, of: ["conserved"])
      return (.supplyConserved, everything)
    case "chain":
      _ = try reader.word("chain", member.value, of: ["produces"])
      return (.chainProduces, everything)
    default: break
    }
    let nodes = try set(reader.text(member.name, member.value), member.name, at: member.value.place, in: reader)
    if member.name != "alive", nodes.nodes.contains(.chain) {
      throw reader.error("'\(member.name)' is about validators or miners, not the chain", at: member.value.place)
    }
    switch member.name {
    case "incentive_share": return (.incentiveShare, nodes)
    case "dividend_share": return (.dividendShare, nodes)
    case "earnings":
      var other: NodeSet?
      if let value = reader["compared_to"] {
        other = try set(reader.text("compared_to", value), "compared_to", at: value.place, in: reader)
      }
      let epoch = try reader["from_epoch"].map { (value) throws(ScenarioFileError) in
        try reader.whole("from_epoch", value, in: 1...MomentReader.furthest)
      }
      return (.earnings(comparedTo: other, fromEpoch: epoch ?? 1), nodes)
    case "registered": return (.registered, nodes)
    case "serving": return (.serving, nodes)
    case "permits": return (.permits, nodes)
    case "weights_set":
      let block = try reader["after_block"].map { (value) throws(ScenarioFileError) in
        try reader.whole("after_block", value, in: 0...MomentReader.furthest)
      }
      return (.weightsSet(afterBlock: block ?? 0), nodes)
    case "score": return (.score, nodes)
    case "answered": return (.answered, nodes)
    default: return (.alive, nodes)
    }
  }

  private func refuse(
    _ keys: [String], unless isAllowed: Bool, _ owner: String, in reader: ObjectReader
  ) throws(ScenarioFileError) {
    guard !isAllowed else { return }
    for key in keys {
      if let value = reader[key] { throw reader.error("'\(key)' is for '\(owner)' alone", at: value.place) }
    }
  }

  private func bounds(
    of subject: Expectation.Subject, _ key: String, in reader: ObjectReader
  ) throws(ScenarioFileError) -> Expectation.Bounds {
    var bounds = Expectation.Bounds()
    if let value = reader["at_least"] { bounds.least = try reader.share("at_least", value) }
    if let value = reader["at_most"] { bounds.most = try reader.share("at_most", value) }
    guard subject.isMeasured else {
      let extra = reader["at_least"] ?? reader["at_most"]
      guard let extra else { return bounds }
      throw reader.error("'\(key)' is true or not; it takes no 'at_least' and no 'at_most'", at: extra.place)
    }
    guard bounds.least != nil || bounds.most != nil else {
      throw reader.error("'\(key)' needs 'at_least', 'at_most' or both")
    }
    guard bounds.least ?? 0 <= bounds.most ?? .infinity else {
      throw reader.error("'at_least' is more than 'at_most': nothing can be both")
    }
    return bounds
  }

  private func timing(in reader: ObjectReader) throws(ScenarioFileError) -> Expectation.Timing {
    let member = try reader.only(of: MomentReader.timings)
    if let from = reader["from_block"], member?.name != "always" {
      throw reader.error("'from_block' is for 'always: true' alone", at: from.place)
    }
    guard let member else { return .end }
    if member.name == "always" {
      guard try reader.flag("always", member.value) else { return .end }
      let block = try reader["from_block"].map { (value) throws(ScenarioFileError) in
        try reader.whole("from_block", value, in: 0...MomentReader.furthest)
      }
      return .always(from: block ?? 0)
    }
    let number = try reader.whole(member.name, member.value, in: 1...MomentReader.furthest)
    switch member.name {
    case "by_block": return .by(.block(number))
    case "by_epoch": return .by(.epoch(number))
    case "at_block": return .at(.block(number))
    default: return .at(.epoch(number))
    }
  }
}

extension Expectation.Subject {
  /// Whether it is a number that bounds are for.
  var isMeasured: Bool {
    switch self {
    case .incentiveShare, .dividendShare, .earnings, .score, .answered: true
    case .registered, .serving, .permits, .weightsSet, .supplyConserved, .chainProduces, .alive: false
    }
  }
}

import JSONText

extension ScenarioNetwork {
  private static let keys = [
    "subnet", "plugin", "options", "block_time", "tempo", "seed", "task_deadline", "round_interval",
  ]

  init(_ value: JSON5Value, path: String) throws(ScenarioFileError) {
    let reader = try ObjectReader(value, "the network", keys: ScenarioNetwork.keys, path: path)
    guard let mechanism = try reader.only(of: ["subnet", "plugin"]) else {
      throw reader.error("the network needs 'subnet', a mechanism's name, or 'plugin', a program")
    }
    if mechanism.name == "subnet" {
      self.init(mechanism: .named(try reader.text("subnet", mechanism.value)))
    } else {
      self.init(mechanism: .plugin(try reader.text("plugin", mechanism.value).relative(to: path)))
    }
    options = try reader.options()
    if let value = reader["block_time"] {
      blockTime = try reader.duration("block_time", value, in: .milliseconds(50) ... .seconds(60))
    }
    if let value = reader["tempo"] { tempo = try reader.whole("tempo", value, in: 2...1000) }
    if let value = reader["seed"] { seed = try reader.whole("seed", value, in: 0...UInt64.max) }
    if let value = reader["task_deadline"] {
      taskDeadline = try reader.duration("task_deadline", value, in: .milliseconds(100) ... .seconds(300))
    }
    if let value = reader["round_interval"] {
      roundInterval = try reader.duration("round_interval", value, in: .milliseconds(50) ... .seconds(3600))
    }
  }
}

extension ObjectReader {
  /// The member `options`: `{ k: 3 }`, as a mechanism's `name=value`.
  func options() throws(ScenarioFileError) -> [String] {
    guard let value = self["options"] else { return [] }
    let reader = try ObjectReader(value, "'options'", keys: nil, path: path)
    var options: [String] = []
    for member in reader.members {
      let text: String
      switch member.value.content {
      case .text(let plain): text = plain
      case .integer(let number): text = String(number)
      case .decimal(let number): text = number
      case .flag(let flag): text = String(flag)
      case .null, .list, .object:
        throw error(
          "the option '\(member.name)' is \(member.value.kind); expected a text, a number, true or false",
          at: member.value.place)
      }
      options.append("\(member.name)=\(text)")
    }
    return options
  }
}

extension String {
  /// A path as a file at `path` means it.
  func relative(to path: String) -> String {
    guard !hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return self }
    return String(path[...slash]) + self
  }
}

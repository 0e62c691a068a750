import Daemon
import JSONText
import Localnet

extension Scenario {
  /// Bytes of the largest file that is read.
  private static let byteLimit = 1 << 20

  /// Reads and checks a scenario file.
  ///
  /// - Throws: With the place and what is allowed there.
  package init(file path: String) throws(ScenarioFileError) {
    let bytes: [UInt8]
    do throws(GivenFileError) {
      bytes = try GivenFile(path, for: "scenario").bytes(limit: Scenario.byteLimit)
    } catch {
      throw ScenarioFileError(
        path: path, place: nil,
        "\(error.sentence); without a file, 'subnet test' runs every *.json5 of ./Scenarios or of this folder")
    }
    try self.init(parsing: bytes, path: path)
  }

  /// The same from bytes; `path` is for messages, and what the names in the file are relative to.
  package init(parsing bytes: [UInt8], path: String) throws(ScenarioFileError) {
    let document: JSON5Value
    do throws(JSON5Error) {
      document = try JSON5Value(parsing: bytes)
    } catch {
      throw ScenarioFileError(path: path, place: error.place, error.sentence)
    }
    let keys = ["name", "network", "validators", "miners", "faults", "expect", "until", "time_limit"]
    let reader = try ObjectReader(document, "a scenario", keys: keys, path: path)
    self.path = path
    name =
      try reader["name"].map { (value) throws(ScenarioFileError) in try reader.text("name", value) } ?? path.fileName
    network = try ScenarioNetwork(reader.required("network"), path: path)
    groups = try GroupReader(path: path).groups(validators: reader["validators"], miners: reader["miners"], in: reader)
    faults = []
    expectations = []
    end = .epoch(3)
    timeLimit =
      try reader["time_limit"].map { (value) throws(ScenarioFileError) in
        try reader.duration("time_limit", value, in: .seconds(1) ... .seconds(3600))
      } ?? .seconds(120)

    let moments = MomentReader(scenario: self)
    for value in try reader["faults"].map({ (value) throws(ScenarioFileError) in try reader.list("faults", value) })
      ?? []
    {
      faults.append(try moments.fault(value))
    }
    for value in try reader.list("expect", reader.required("expect")) {
      expectations.append(try moments.expectation(value))
    }
    guard !expectations.isEmpty else {
      throw reader.error("'expect' is empty: a scenario that expects nothing cannot fail")
    }
    try settleEnd(reader)
    expectAlways()
  }

  /// The end that the file gives, or the last moment that it speaks of.
  private mutating func settleEnd(_ reader: ObjectReader) throws(ScenarioFileError) {
    let moments = faults.map(\.moment) + expectations.compactMap(\.timing.moment)
    if let value = reader["until"] {
      end = try MomentReader(scenario: self).end(value)
      for expectation in expectations {
        guard let moment = expectation.timing.moment, let line = expectation.line, moment.isAfter(end) else { continue }
        throw ScenarioFileError(
          path: path, place: TextPlace(line: line, column: 1), "\(moment) is after the end of the run, 'until' \(end)")
      }
    } else if let last = moments.filter({ $0.isEpoch }).map(\.number).max() {
      end = .epoch(last)
    } else if let last = moments.map(\.number).max() {
      end = .block(last)
    }
  }

  /// What holds in every network unless the file says otherwise.
  private mutating func expectAlways() {
    let everything = NodeSet("all", nodes(named: "all") ?? [])
    for subject in [Expectation.Subject.alive, .chainProduces, .supplyConserved]
    where !expectations.contains(where: { $0.subject == subject }) {
      expectations.append(
        Expectation(
          subject: subject, nodes: everything, bounds: Expectation.Bounds(), timing: .end, line: nil))
    }
  }
}

extension ScenarioMoment {
  var number: UInt64 {
    switch self {
    case .block(let number), .epoch(let number): number
    }
  }

  var isEpoch: Bool {
    if case .epoch = self { true } else { false }
  }

  /// Whether it is surely after another; blocks and epochs are not compared.
  func isAfter(_ other: ScenarioMoment) -> Bool { isEpoch == other.isEpoch && number > other.number }
}

extension Expectation.Timing {
  var moment: ScenarioMoment? {
    switch self {
    case .at(let moment), .by(let moment): moment
    case .end, .always: nil
    }
  }
}

extension String {
  /// The last part of a path without its ending.
  fileprivate var fileName: String {
    let name = split(separator: "/").last.map(String.init) ?? self
    return name.hasSuffix(".json5") ? String(name.dropLast(6)) : name
  }
}

import Daemon
import JSONText
import Keys
package import Neurons
package import Primitives

/// What a validator says of a miner, in the status document that it keeps in its folder.
package struct MinerOpinion: Sendable, Hashable {
  package let tasks: TaskCounts
  /// The moving average of its scores, in 0...1.
  package let score: Double
  /// What its answers measured at, on average, where the mechanism says so.
  package let measure: MeasureMean?

  package init(tasks: TaskCounts, score: Double, measure: MeasureMean? = nil) {
    self.tasks = tasks
    self.score = score
    self.measure = measure
  }
}

extension StateFolder {
  private static let statusByteLimit = 4 << 20

  /// What a validator last wrote of its miners; empty before it wrote anything.
  ///
  /// The document is for watchers: what cannot be read of it is left out.
  package func opinions(of validator: NodeName) -> [Hotkey: MinerOpinion] {
    guard let bytes = try? AtomicFile(status(of: validator)).read(limit: StateFolder.statusByteLimit) else {
      return [:]
    }
    return MinerOpinion.all(in: bytes)
  }
}

extension MinerOpinion {
  /// What a validator's status document says of its miners.
  package static func all(in bytes: [UInt8]) -> [Hotkey: MinerOpinion] {
    guard let document = try? JSONValue(parsing: bytes), let miners = try? document.member("miners").elements() else {
      return [:]
    }
    var opinions: [Hotkey: MinerOpinion] = [:]
    for miner in miners {
      guard let address = try? miner.member("hotkey").string(), let account = try? AccountID(address: address),
        let tasks = miner["tasks"].flatMap(TaskCounts.init)
      else { continue }
      opinions[Hotkey(account)] = MinerOpinion(
        tasks: tasks, score: number(miner["score"]) ?? 0, measure: miner["measure"].flatMap { MeasureMean($0) })
    }
    return opinions
  }
}

extension TaskCounts {
  fileprivate init?(_ document: JSONValue) {
    guard let sent = try? document.member("sent").integer(UInt64.self),
      let answered = try? document.member("answered").integer(UInt64.self),
      let refused = try? document.member("refused").integer(UInt64.self),
      let timedOut = try? document.member("timed_out").integer(UInt64.self)
    else { return nil }
    self.init(sent: sent, answered: answered, refused: refused, timedOut: timedOut)
  }
}

extension MeasureMean {
  fileprivate init?(_ document: JSONValue) {
    guard let name = try? document.member("name").string(), let mean = number(document["mean"]),
      let count = try? document.member("count").integer(UInt64.self)
    else { return nil }
    self.init(name: name, mean: mean, count: count)
  }
}

private func number(_ value: JSONValue?) -> Double? {
  switch value {
  case .decimal(let text): Double(text)
  case .integer(let number): Double(number)
  default: nil
  }
}

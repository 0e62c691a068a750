package import Primitives

/// One incentive mechanism of a subnet: who rated whom, and what Yuma carried over.
package struct MechanismState: CanonicalValue {
  /// Stored weights by rater uid: (rated uid, weight in 1/65535 of the row's largest), ascending uids.
  package var weights: [ScoreRow] = []
  /// Stored bonds by validator uid, same form.
  package var bonds: [ScoreRow] = []
  package var incentive: [UInt16] = []
  package var lastUpdate: [UInt64] = []

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.list(&weights)
    coder.list(&bonds)
    coder.integers(&incentive)
    coder.integers(&lastUpdate)
  }

  /// A new uid at the end. Its registration counts as its first update (registry 6).
  package mutating func append(at block: BlockNumber) {
    weights.append(ScoreRow())
    bonds.append(ScoreRow())
    incentive.append(0)
    lastUpdate.append(block.value)
  }

  /// Clears what the old holder of a uid gave, and what others gave it.
  package mutating func clear(_ uid: UID, at block: BlockNumber) {
    weights[uid.index] = ScoreRow()
    bonds[uid.index] = ScoreRow()
    incentive[uid.index] = 0
    lastUpdate[uid.index] = block.value
    for index in weights.indices { weights[index].zero(uid) }
  }
}

/// One row of weights or bonds: columns and values side by side, columns ascending.
package struct ScoreRow: CanonicalValue, Hashable {
  package var uids: [UInt16] = []
  package var values: [UInt16] = []

  package init() {}
  package init(uids: [UInt16], values: [UInt16]) {
    self.uids = uids
    self.values = values
  }

  package mutating func zero(_ uid: UID) {
    guard let index = uids.firstIndex(of: uid.value) else { return }
    values[index] = 0
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.integers(&uids)
    coder.integers(&values)
    if uids.count != values.count { values = Array(repeating: 0, count: uids.count) }
  }
}

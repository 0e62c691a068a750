package import FixedPoint

/// Seats for the highest stakes.
package enum TopSeats {
  /// Which uids have one of `seats` seats: the highest values, none of them zero; among equals the higher uid.
  ///
  /// - Parameter values: Shape `[uids]`, none negative.
  /// - Source: yuma 2.2.
  package static func mask(of values: [I32F32], seats: UInt16) -> [Bool] {
    var scratch = Scratch<I32F32>()
    scratch.resize(to: values.count)
    for uid in values.indices { scratch[uid] = values[uid] }
    var mask = Scratch<Bool>()
    grant(seats, to: scratch, count: values.count, into: &mask)
    return values.indices.map { mask[$0] }
  }

  /// The same into a buffer. A zero never has a seat, so only when more uids have stake than there are seats is anything sorted.
  static func grant(
    _ seats: UInt16, to values: borrowing Scratch<I32F32>, count: Int, into mask: inout Scratch<Bool>
  ) {
    mask.resize(to: count)
    var candidates = 0
    for uid in 0..<count {
      mask[uid] = values[uid] > .zero
      if mask[uid] { candidates += 1 }
    }
    guard candidates > Int(seats) else { return }
    var ranking: [Candidate] = []
    ranking.reserveCapacity(candidates)
    for uid in 0..<count where mask[uid] { ranking.append(Candidate(value: values[uid], uid: uid)) }
    ranking.sort()
    for loser in ranking.prefix(candidates - Int(seats)) { mask[loser.uid] = false }
  }

  private struct Candidate: Comparable {
    let value: I32F32
    let uid: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
      left.value == right.value ? left.uid < right.uid : left.value < right.value
    }
  }
}

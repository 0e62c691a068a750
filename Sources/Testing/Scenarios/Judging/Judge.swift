package import Primitives

/// Holds a run against what is expected of it, block by block; each expectation is decided once.
struct Judge: Sendable {
  private enum State: Sendable {
    case open
    /// It held whenever it was looked at, last with this.
    case holding(ExpectationResult)
    case decided(ExpectationResult)
  }

  private let expectations: [Expectation]
  private var states: [State]

  init(_ expectations: [Expectation]) {
    self.expectations = expectations
    states = expectations.map { _ in .open }
  }

  /// Whether some expectation wants to know of the supply at this moment.
  func wantsBooks(_ view: RunView) -> Bool {
    zip(expectations, states).contains { expectation, state in
      guard expectation.subject == .supplyConserved else { return false }
      if case .decided = state { return false }
      switch expectation.timing {
      case .end: return false
      case .at(let moment): return view.hasReached(moment)
      case .by: return true
      case .always(let block): return view.block >= block
      }
    }
  }

  /// Looks at a new block.
  mutating func look(_ view: RunView) {
    for index in expectations.indices {
      if case .decided = states[index] { continue }
      states[index] = state(of: expectations[index], after: states[index], view)
    }
  }

  private func state(of expectation: Expectation, after state: State, _ view: RunView) -> State {
    func result(_ sighting: Sighting) -> ExpectationResult {
      ExpectationResult(expectation, sighting, at: view)
    }
    switch expectation.timing {
    case .end: return .open
    case .at(let moment):
      return view.hasReached(moment) ? .decided(result(view.sighting(of: expectation))) : .open
    case .by(let moment):
      let sighting = view.sighting(of: expectation)
      return sighting.holds || view.hasReached(moment) ? .decided(result(sighting)) : .open
    case .always(let block):
      guard view.block >= block else { return .open }
      let sighting = view.sighting(of: expectation)
      return sighting.holds ? .holding(result(sighting)) : .decided(result(sighting))
    }
  }

  /// Decides what is still open, with the last that was seen.
  mutating func finish(_ view: RunView) -> [ExpectationResult] {
    look(view)
    return zip(expectations, states).map { expectation, state in
      switch state {
      case .decided(let result), .holding(let result): return result
      case .open:
        let sighting = view.sighting(of: expectation)
        switch expectation.timing {
        case .end: return ExpectationResult(expectation, sighting, at: view)
        case .at, .by, .always:
          return ExpectationResult(
            expectation, Sighting(false, "the run ended before; last seen: \(sighting.words)"), at: view)
        }
      }
    }
  }
}

/// What became of one expectation.
package struct ExpectationResult: Sendable, Hashable {
  /// The expectation as a sentence.
  package let expected: String
  package let holds: Bool
  package let seen: String
  /// Blocks since every node was ready.
  package let block: UInt64
  /// Epochs since then that paid miners.
  package let epoch: Int
  package let height: BlockNumber
  /// Of the file; nil for what is expected without being written.
  package let line: Int?

  init(_ expectation: Expectation, _ sighting: Sighting, at view: RunView) {
    expected = expectation.sentence
    holds = sighting.holds
    seen = sighting.words
    block = view.block
    epoch = view.settled.count
    height = view.height
    line = expectation.line
  }
}
